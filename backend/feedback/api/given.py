"""What the handlers of this room ask for by name."""

from litestar.di import NamedDependency

from backend.feedback.actions.steps import Circumstances

TheCircumstances = NamedDependency[Circumstances]
