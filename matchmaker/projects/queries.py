"""Reading projects, their partners and semesters."""

from matchmaker.db import db
from matchmaker.projects.models import Partner, Project, Semester


def projects() -> list[Project]:
    """Return all projects by name."""
    return list(db.session.scalars(db.select(Project).order_by(Project.name)))


def project_by_slug(slug: str) -> Project | None:
    """Return the project with this slug."""
    return db.session.scalar(db.select(Project).where(Project.slug == slug))


def partners(project_id: int) -> list[Partner]:
    """Return the partners of a project by name."""
    return list(db.session.scalars(db.select(Partner).where(Partner.project_id == project_id).order_by(Partner.name)))


def semesters(project_id: int) -> list[Semester]:
    """Return the semesters of a project in order."""
    query = db.select(Semester).where(Semester.project_id == project_id).order_by(Semester.number)
    return list(db.session.scalars(query))
