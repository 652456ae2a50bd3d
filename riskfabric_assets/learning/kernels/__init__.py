"""Compiled loops of the learning room; they validate nothing."""
