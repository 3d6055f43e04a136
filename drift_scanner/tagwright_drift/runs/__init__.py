"""A run: the folder a scan writes, part by part, so that a scan killed at any point loses nothing it has seen."""
