FROM python:3.11-slim-bookworm
RUN useradd --create-home --uid 10001 riskfabric \
    && mkdir -p /opt/riskfabric/dagster /data/home \
    && chown -R riskfabric:riskfabric /opt/riskfabric /data
WORKDIR /opt/riskfabric
COPY requirements.txt ./
RUN pip install --no-cache-dir uv && uv pip install --system --no-cache --requirement requirements.txt
COPY pyproject.toml README.md NOTICE.md LICENSE ./
COPY riskfabric_assets ./riskfabric_assets
COPY config ./config
COPY dbt_project ./dbt_project
RUN uv pip install --system --no-cache --no-deps .
COPY deploy/dagster.yaml deploy/workspace.yaml ./dagster/
COPY deploy/entrypoint.sh /usr/local/bin/entrypoint
USER riskfabric
ENTRYPOINT ["entrypoint"]
CMD ["riskfabric", "--help"]
