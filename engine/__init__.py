"""Runs procedures."""
