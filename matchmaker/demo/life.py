"""What happens at the live event: recommendations, requests, answers, two published schedules, ratings.

The clock is set back and then forward, so that everything goes through the services of the application in its order:
matching by the model, scheduling by the solver, publication, and ratings after the opening round.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from matchmaker.accounts.models import User
from matchmaker.clock import clock, now
from matchmaker.db import db, transaction
from matchmaker.demo.content import read
from matchmaker.demo.fair import Fair
from matchmaker.jobs import run_job
from matchmaker.meetings.models import Meeting, MeetingRequest, MeetingState, RequestState
from matchmaker.meetings.services import RatingInput, rate
from matchmaker.recommendations import runs as matching
from matchmaker.recommendations.models import Recommendation
from matchmaker.registrations.models import Participant
from matchmaker.scheduling import runs as planning
from matchmaker.scheduling import services as scheduling
from matchmaker.scheduling.options import Options

SOLVER_SECONDS = 8
OUTCOMES = {
    "follow_up": "next_meeting", "visit": "next_meeting", "sample": "knowledge", "quotation": "offer_or_quote",
    "project": "joint_project", "agreement": "agreement", "contact_passed": "introduction", "no_fit": "no_fit",
}  # fmt: skip


@dataclass
class Life:
    """The event, who organises it, and the chance by which things happen (seeded: the same demo each time)."""

    fair: Fair
    organiser: User
    random: Random
    say: Callable[[str], None]

    def run(self, present: datetime) -> None:
        """Let it all happen, from two weeks ago to ``present``."""
        opening = self.fair.event.starts_at
        clock.freeze(opening - timedelta(days=6))
        self.say("recommendations")
        self.match()
        self.say("requests and answers")
        with transaction():
            self.write_requests()
            self.ask(shares=(0.74, 0.14, 0.06), most=5)
        clock.freeze(opening - timedelta(days=1))
        self.say("schedule of the opening round")
        self.schedule(Options(seconds=SOLVER_SECONDS))
        clock.freeze(opening + timedelta(days=1))
        self.say("ratings")
        self.rate_all()
        clock.freeze(opening + timedelta(days=2))
        with transaction():
            self.ask(shares=(0.70, 0.12, 0.08), most=9)
        clock.freeze(present)
        self.say("schedule of the main days")
        self.schedule(Options(seconds=SOLVER_SECONDS, objective=("placed", "changes", "fair", "breaks")))
        with transaction():
            self.ask(shares=(0.08, 0.02, 0.05), most=11)

    def match(self) -> None:
        """Compute the recommendations with the model of the installation."""
        with transaction():
            run = matching.start(self.fair.event, self.organiser)
            job_id = run.job_id
        run_job(job_id)

    def schedule(self, options: Options) -> None:
        """Solve and publish."""
        with transaction():
            run_id = (run := planning.start(self.fair.event, options, self.organiser)).id
            job_id = run.job_id
        run_job(job_id)
        with transaction():
            scheduling.publish(db.session.get_one(type(run), run_id), self.organiser)

    def write_requests(self) -> None:
        """Store the requests that were written by hand."""
        for row in read("requests")["requests"]:
            senders, receivers = (self.fair.participants.get(row[end], []) for end in ("from", "to"))
            for sender, receiver in zip(senders[:1], receivers[:1], strict=False):
                self._add(sender, receiver, row["message"], row["stars"], row["answer"], row["decline_reason"])
        db.session.flush()

    def ask(self, shares: tuple[float, float, float], most: int) -> None:
        """Let everybody ask some of those recommended; ``shares``: accepted, declined, later; the rest stays pending.

        ``most``: how far down the list people look, so that a second wave reaches further.
        """
        known = {
            (low, high) for low, high in db.session.execute(db.select(MeetingRequest.low_id, MeetingRequest.high_id))
        }
        ranked = db.select(Recommendation).where(Recommendation.rank <= most)
        rows = db.session.scalars(ranked.order_by(Recommendation.rank, Recommendation.id)).all()
        people = {participant.id: participant for participant in self.fair.everybody}
        for row in rows:
            pair = tuple(sorted((row.participant_id, row.other_id)))
            if pair in known or self.random.random() > 0.62:
                continue
            known.add(pair)
            answers = ("accepted", "declined", "later", "pending")
            answer = self.random.choices(answers, (*shares, 1 - sum(shares)))[0]
            reason = self.random.choice(read("requests")["decline_reasons"]) if answer == "declined" else ""
            sender, receiver = people[row.participant_id], people[row.other_id]
            stars = self.random.choices((2, 3, 4, 5), (1, 3, 4, 2))[0]
            self._add(sender, receiver, self._message(row), stars, answer, reason)
        db.session.flush()

    def _message(self, row: Recommendation) -> str:
        mine = {reason["side"]: reason["mine"] for reason in reversed(row.reasons)}
        messages = [
            text for text in read("requests")["messages"]
            if ("{need}" not in text or "gets" in mine) and ("{offer}" not in text or "gives" in mine)
        ]  # fmt: skip
        chosen: str = self.random.choice(messages)
        return chosen.replace("{need}", mine.get("gets", "")).replace("{offer}", mine.get("gives", ""))[:1000]

    def _add(
        self, sender: Participant, receiver: Participant, message: str, stars: int, answer: str, reason: str
    ) -> None:
        asked_at = now() - timedelta(hours=self.random.uniform(2, 60))
        state = RequestState(answer)
        low, high = sorted((sender.id, receiver.id))
        db.session.add(
            MeetingRequest(
                event_id=sender.event_id, sender_id=sender.id, receiver_id=receiver.id, low_id=low, high_id=high,
                message=message, stars=stars, state=state, reason=reason, created_at=asked_at,
                answer_stars=self.random.choices((2, 3, 4, 5), (1, 3, 4, 2))[0] if state == "accepted" else None,
                answered_at=None if state == "pending" else asked_at + timedelta(hours=self.random.uniform(0.5, 30)),
            )
        )  # fmt: skip

    def rate_all(self) -> None:
        """Most of the people of the opening round say how it went."""
        said, outcomes = read("requests")["rating_comments"], read("requests")["outcomes"]["texts"]
        past = db.select(Meeting).where(Meeting.event_id == self.fair.event.id, Meeting.state == MeetingState.SCHEDULED)
        with transaction():
            for meeting in db.session.scalars(past).all():
                if meeting.slot.ends_at > now():
                    continue
                missed = self.random.random() < 0.06
                for side in (meeting.first, meeting.second):
                    if self.random.random() > 0.8:
                        continue
                    word, outcome = self.random.choice(said), self.random.choice(outcomes)
                    rate(meeting, side, RatingInput(
                        took_place=not missed, stars=None if missed else word["stars"],
                        outcome="" if missed else OUTCOMES[outcome["code"]],
                        comment="" if missed else word["comment"], note="" if missed else outcome["text"],
                    ))  # fmt: skip
