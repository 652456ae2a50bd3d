"""Kernels of the population: plain arrays in, plain arrays out, nothing is validated here."""
