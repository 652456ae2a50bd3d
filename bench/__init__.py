"""Measurements: `python -m bench [NAME]` runs every module here that has `measure`, or one of them."""
