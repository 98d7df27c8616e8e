"""The application: registration, profiles, requests, meetings, schedules and calendars of events.

Floors, from top to bottom; imports go down only (a test holds this):

    app, demo                       put everything together
    api, reports, calendars, itineraries, scheduling, recommendations, meetings, agenda,
    profiles, registrations, events, projects, accounts
                                    capabilities: what people do
    audit                           who changed what
    web, mail, jobs                 what every capability uses
    db, settings, clock, errors, ics, vocabulary

The only way up is a signal (blinker). These exist, each sent inside the sender's transaction:

    registrations.signals.participant_left      a participant cancelled or was declined: meetings frees seats and places,
                                                agenda gives back places in sessions
    registrations.signals.participant_confirmed a participant may take part: profiles makes the empty profile
    agenda.signals.sign_up_changed              a session was signed up for or left: meetings takes or frees the seats
    agenda.signals.session_changed              a session moved or was removed: meetings takes the seats anew
    events.signals.event_changed                dates, zone, mode, capacity or publication of an event changed
    events.signals.closed_events_asked          which closed events may this user see? registrations answers
    profiles.signals.profile_changed            what matching reads of a profile changed: recommendations asks for hints and runs again
    profiles.signals.hints_asked                what do the lines of a profile match? recommendations answers
    registrations.signals.facts_asked           what is there to say about a participant? profiles answers
"""
