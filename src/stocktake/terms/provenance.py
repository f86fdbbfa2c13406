"""Where a figure comes from: three axes, never one grade (architecture: rules of the field)."""

from __future__ import annotations

from enum import StrEnum


class SpeakerKind(StrEnum):
    """Who says it. ``SELF`` is the State of which it is said; the same State is ``ANOTHER_STATE`` about others."""

    SELF = "the State itself"
    DEPOSITARY = "depositary"
    TREATY_BODY = "treaty body"
    AGENCY = "agency"
    ANOTHER_STATE = "another State"
    EXPERT = "expert"
    PRESS = "press"


class Verification(StrEnum):
    """How it is established. A depositary's act is verified as a legal fact, never as a physical one."""

    VERIFIED = "verified"
    DECLARED = "declared"
    ESTIMATED = "estimated"
    INFERRED = "inferred"


class Seen(StrEnum):
    """What the compiler had before the eyes. Nothing seen only from memory carries a finding."""

    ORIGINAL = "original"
    COPY = "copy"
    PRESS = "press"
    MEMORY = "memory"
