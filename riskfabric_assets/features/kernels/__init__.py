"""Compiled loops over plain arrays; they validate nothing."""
