"""Kernels of honest life: plain arrays and scalars in, columns out; nothing is validated here."""
