"""Imports every table, so that migrations and tests see the whole schema. Nothing else."""

import matchmaker.accounts.models
import matchmaker.agenda.models
import matchmaker.audit.models
import matchmaker.calendars.models
import matchmaker.events.models
import matchmaker.jobs.models
import matchmaker.mail.models
import matchmaker.meetings.models
import matchmaker.profiles.models
import matchmaker.projects.models
import matchmaker.recommendations.models
import matchmaker.registrations.models
import matchmaker.scheduling.models
from matchmaker.db import Base

metadata = Base.metadata
