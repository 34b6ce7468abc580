"""Proving what is stored: each subject is judged by itself, so that all of them can be judged at once."""
