"""Background work: ordinary functions that take ids, run inline, in a thread of this process, or by RQ workers.

The table ``job`` is the truth in all three: it holds state, progress, result and failure. RQ only carries a job's id.
A function becomes a task by ``@task``; ``enqueue`` stores a job in the present transaction and hands it over after the
commit. Tasks must be safe to run twice. ``@daily`` makes a duty that runs by itself once a day.
"""

from matchmaker.jobs.daily import daily, kept_since
from matchmaker.jobs.memory import Memory
from matchmaker.jobs.models import Job, JobState
from matchmaker.jobs.queue import enqueue, init_app, job_of, may_retry, retry, sweep
from matchmaker.jobs.runner import JobHandle, current_job, request_stop, run_job
from matchmaker.jobs.tasks import Task, task

__all__ = [
    "Job",
    "JobHandle",
    "JobState",
    "Memory",
    "Task",
    "current_job",
    "daily",
    "enqueue",
    "init_app",
    "job_of",
    "kept_since",
    "may_retry",
    "request_stop",
    "retry",
    "run_job",
    "sweep",
    "task",
]
