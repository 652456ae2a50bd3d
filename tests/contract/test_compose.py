"""docker-compose.yml and what it uses, read and checked: no container engine is needed."""

import os
import pathlib
import re
import subprocess

import pytest
import yaml

ROOT = pathlib.Path(__file__).parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
OURS = ("migrate", "code", "webserver", "daemon")


def test_the_four_parts_of_an_installation_and_its_storage_are_there():
    assert set(SERVICES) == {"postgres", *OURS}


def test_only_the_loopback_address_is_published():
    published = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)


def test_every_dependency_waits_for_health_or_completion():
    for name in OURS:
        conditions = [one["condition"] for one in SERVICES[name]["depends_on"].values()]
        assert conditions
        assert set(conditions) <= {"service_healthy", "service_completed_successfully"}
        for other, one in SERVICES[name]["depends_on"].items():
            assert one["condition"] != "service_healthy" or "healthcheck" in SERVICES[other]


def test_no_password_stands_in_a_file_and_none_is_a_default():
    for file in ("docker-compose.yml", ".env.example", "deploy/dagster.yaml"):
        for line in (ROOT / file).read_text().splitlines():
            assert not re.search(r"PASSWORD(_FILE)?\s*[:=]\s*[\"']?\w*:-", line), line
            assert not re.match(r"\s*\w*PASSWORD[:=]\s*[\w\"']+$", line), line
    assert COMPOSE["secrets"]["postgres_password"]["file"].startswith("${POSTGRES_PASSWORD_FILE:?")


def test_every_secret_can_be_given_as_a_file():
    text = (ROOT / ".env.example").read_text()
    secrets = re.findall(r"^#? ?(\w*(?:PASSWORD|SECRET|TOKEN))=", text, flags=re.MULTILINE)
    assert secrets
    assert all(f"{secret}_FILE=" in text for secret in secrets)


def test_images_are_pinned():
    assert re.fullmatch(r"postgres:\d+\.\d+", SERVICES["postgres"]["image"])
    assert re.search(r"^FROM python:3\.\d+", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)


def test_what_the_image_copies_exists_and_is_not_ignored():
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = re.findall(r"^COPY (.+) \S+$", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)
    sources = {source for line in copied for source in line.split()}
    for source in sources:
        assert (ROOT / source).exists(), source
        assert source.split("/")[0] in allowed, source


def test_storage_reads_the_variables_that_compose_sets():
    storage = yaml.safe_load((ROOT / "deploy" / "dagster.yaml").read_text())["storage"]["postgres"]["postgres_db"]
    wanted = {value["env"] for value in storage.values() if isinstance(value, dict)}
    given = set(SERVICES["code"]["environment"])
    assert wanted <= {name.removesuffix("_FILE") for name in given}


def test_only_one_run_at_a_time_writes_the_warehouse():
    pools = yaml.safe_load((ROOT / "deploy" / "dagster.yaml").read_text())["concurrency"]["pools"]
    assert pools["default_limit"] == 1


def test_the_entrypoint_turns_a_file_into_a_secret(tmp_path):
    secret = tmp_path / "password"
    secret.write_text("correct horse\n")
    command = ["sh", str(ROOT / "deploy" / "entrypoint.sh"), "sh", "-c", 'printf %s "$POSTGRES_PASSWORD"']
    environment = {"PATH": os.environ["PATH"], "POSTGRES_PASSWORD_FILE": str(secret)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "correct horse"


def test_the_entrypoint_names_a_file_that_cannot_be_read(tmp_path):
    command = ["sh", str(ROOT / "deploy" / "entrypoint.sh"), "true"]
    environment = {"PATH": os.environ["PATH"], "POSTGRES_PASSWORD_FILE": str(tmp_path / "missing")}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "POSTGRES_PASSWORD_FILE names" in done.stderr


TARGETS = ("setup", "demo", "test", "ui", "bench", "check", "format", "audit", "docs", "clean")


@pytest.mark.parametrize("target", TARGETS)
def test_the_makefile_explains_every_target(target):
    assert re.search(rf"^{target}:.*## \w", (ROOT / "Makefile").read_text(), flags=re.MULTILINE)
