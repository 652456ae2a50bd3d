"""Curves and areas the slow way: every threshold tried, every payment looked at."""

from collections.abc import Sequence


def average_precision(labels: Sequence[bool], scores: Sequence[float], weights: Sequence[float]) -> float:
    """Add precision times the recall gained, from the highest threshold down."""
    positives = sum(weight for label, weight in zip(labels, weights, strict=True) if label)
    total, recall_before = 0.0, 0.0
    for threshold in sorted(set(scores), reverse=True):
        flagged = [row for row, score in enumerate(scores) if score >= threshold]
        mass = sum(weights[row] for row in flagged)
        hits = sum(weights[row] for row in flagged if labels[row])
        if mass:
            total += hits / mass * (hits / positives - recall_before)
            recall_before = hits / positives
    return total


def roc_auc(labels: Sequence[bool], scores: Sequence[float], weights: Sequence[float]) -> float:
    """Ask of every pair of a fraud and an honest payment whether the fraud scores higher; a tie is half."""
    won, pairs = 0.0, 0.0
    for fraud in (row for row, label in enumerate(labels) if label):
        for honest in (row for row, label in enumerate(labels) if not label):
            pair = weights[fraud] * weights[honest]
            pairs += pair
            won += pair * ((scores[fraud] > scores[honest]) + 0.5 * (scores[fraud] == scores[honest]))
    return won / pairs


def recall_at(labels: Sequence[bool], scores: Sequence[float], rate: float) -> float:
    """Take the best recall among thresholds that flag no more than this share of honest payments."""
    best, honest = 0.0, sum(not label for label in labels)
    for threshold in set(scores):
        flagged = [label for label, score in zip(labels, scores, strict=True) if score >= threshold]
        if sum(not label for label in flagged) <= rate * honest:
            best = max(best, sum(flagged) / sum(labels))
    return best


def alerts(days: Sequence[int], scores: Sequence[float], per_day: int) -> list[bool]:
    """Sort each day by score and mark its first payments; among equals the earlier row comes first."""
    marked = [False] * len(days)
    for day in set(days):
        rows = sorted((row for row, each in enumerate(days) if each == day), key=lambda row: -scores[row])
        for row in rows[:per_day]:
            marked[row] = True
    return marked
