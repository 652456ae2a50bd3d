"""The only room that opens config/: YAML in, frozen and validated objects out.

Reads: the config folder and the environment handed to `resolve`. Writes nothing. Refuses unknown keys, wrong
units, bare numbers, weights that do not add up, unknown worlds, profiles and variables: all problems at once.
"""
