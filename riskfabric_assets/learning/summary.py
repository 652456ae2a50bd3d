"""The few numbers of a model that fit on a screen; kept beside it so that a terminal need not evaluate again."""

import json
import math
from pathlib import Path
from typing import Final

from riskfabric_assets.learning.assessment import Assessment
from riskfabric_assets.learning.classifier import NAME
from riskfabric_assets.learning.evaluation import ALL
from riskfabric_assets.learning.ranking import Estimate
from riskfabric_assets.warehouse.parquet import atomic_path

FILE: Final = f"{NAME}.scores.json"


def summary(assessment: Assessment) -> dict[str, str]:
    """Return the closing lines about a model: name of the measure, value ready to print."""
    both = {
        "PR-AUC": ("ranking", ALL, "average_precision"),
        "ROC AUC": ("ranking", ALL, "roc_auc"),
        "recall at 1 % false positives": ("ranking", "false positives 1.0%", "recall"),
    }
    lines, evaluation = {}, assessment.evaluation
    for title, (section, name, measure) in both.items():
        targets = dict.fromkeys((evaluation.reference, "label"))
        found = {target: evaluation.estimate(target, section, name, measure) for target in targets}
        lines[title] = ", ".join(f"{_interval(estimate)} {target}" for target, estimate in found.items())
    base = evaluation.estimate(evaluation.reference, "population", ALL, "base_rate")
    lines["base rate of the test window"] = f"{base.value:.3%}"
    failed = assessment.failed
    lines["health"] = "good" if not failed else "; ".join(f"{check.name}: {check.found}" for check in failed)
    return lines


def save_scores(assessment: Assessment, folder: Path) -> Path:
    """Write the closing lines beside the model, atomically; return the file."""
    with atomic_path(folder / FILE) as unfinished:
        unfinished.write_text(json.dumps(summary(assessment), indent=2) + "\n", encoding="utf-8")
    return folder / FILE


def model_scores(folder: Path) -> dict[str, str]:
    """Read the closing lines of the model in a folder; empty when there is none."""
    path = folder / FILE
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}


def _interval(estimate: Estimate) -> str:
    return "n/a" if math.isnan(estimate.value) else f"{estimate.value:.3f} [{estimate.low:.3f}, {estimate.high:.3f}]"
