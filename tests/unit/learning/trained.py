"""One small world, trained and assessed once for all tests of the room."""

import functools

from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.learning.assessment import Assessment, assess
from riskfabric_assets.learning.classifier import FraudClassifier
from riskfabric_assets.learning.dataset import Windows, plan_windows
from riskfabric_assets.learning.training import train
from riskfabric_assets.packs.features import Features
from riskfabric_assets.packs.model import ModelPlan
from tests.gold_frames import Gold, draw_gold, feature_contract, model_plan


@functools.cache
def gold() -> Gold:
    return draw_gold()


@functools.cache
def contract() -> Features:
    return feature_contract()


@functools.cache
def plan() -> ModelPlan:
    whole = model_plan()
    boosting = whole.boosting.model_copy(update={"rounds": 30, "max_depth": 4})
    evaluation = whole.evaluation.model_copy(
        update={"resamples": 25, "explained_payments": 300, "permuted_payments": 500}
    )
    return whole.model_copy(update={"boosting": boosting, "evaluation": evaluation})


@functools.cache
def windows() -> Windows:
    return plan_windows(gold().first, gold().last, plan().split, "UTC")


@functools.cache
def classifier() -> FraudClassifier:
    return train(gold().payments, contract(), plan(), windows(), "identity-of-a-test")


@functools.cache
def assessment() -> Assessment:
    return assess(classifier(), gold().payments, gold().truth, windows(), plan(), Streams(1))
