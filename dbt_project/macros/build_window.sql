{#
    The window of days being built: one row of meta.build_window, written before dbt runs. It is read once per model
    and written into the query as two literals, so that month files outside it are never opened.
#}
{% macro build_window() -%}
    {%- set window = namespace(start_date="0001-01-01", end_date="9999-12-31") -%}
    {%- if execute and flags.WHICH in ("build", "run", "test", "show", "compile") -%}
        {%- set rows = run_query("select start_date::varchar, end_date::varchar from " ~ source("meta", "build_window")).rows -%}
        {%- if rows | length != 1 -%}
            {{ exceptions.raise_compiler_error(
                "meta.build_window holds " ~ (rows | length) ~ " rows, expected exactly one (start_date, end_date)"
            ) }}
        {%- endif -%}
        {%- set window.start_date = rows[0][0] -%}
        {%- set window.end_date = rows[0][1] -%}
    {%- endif -%}
    {{ return({"start_date": "date '" ~ window.start_date ~ "'", "end_date": "date '" ~ window.end_date ~ "'"}) }}
{%- endmacro %}

{# Whether a day lies in the window: start included, end not. #}
{% macro in_build_window(date_column) -%}
    {%- set window = build_window() -%}
    {{ date_column }} >= {{ window.start_date }} and {{ date_column }} < {{ window.end_date }}
{%- endmacro %}

{# Whether a day lies in a month that the window touches: what a monthly sum has to be made of. #}
{% macro in_months_of_build_window(date_column) -%}
    {%- set window = build_window() -%}
    {{ date_column }} >= date_trunc('month', {{ window.start_date }}) and {{ date_column }} < date_trunc('month', {{ window.end_date }} - interval 1 day) + interval 1 month
{%- endmacro %}

{#
    Incremental strategy `replace_window`: delete the window and insert it again, in one transaction, touching no
    other day. `date_column` of the model says which column the window is about; `window_grain: month` widens the
    window to whole months.
#}
{% macro get_incremental_replace_window_sql(arguments) -%}
    {%- set date_column = config.require("meta").get("date_column", "event_date") -%}
    {%- set is_monthly = config.require("meta").get("window_grain", "day") == "month" -%}
    {%- set columns = arguments["dest_columns"] | map(attribute="quoted") | join(", ") -%}
    delete from {{ arguments["target_relation"] }}
    where {{ in_months_of_build_window(date_column) if is_monthly else in_build_window(date_column) }};
    insert into {{ arguments["target_relation"] }} ({{ columns }})
    select {{ columns }} from {{ arguments["temp_relation"] }};
{%- endmacro %}
