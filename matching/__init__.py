"""Matching: who should meet whom, and when. Files in, files out; no web, no database, no clock."""
