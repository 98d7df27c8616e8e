"""Imports every table, so that migrations and tests see the whole schema. Nothing else."""

from matchmaker.db import Base

metadata = Base.metadata
