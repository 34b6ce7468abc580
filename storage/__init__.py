"""Keeps it: the tables, the store on them, the files, the queues. Imports the engine, never a page."""
