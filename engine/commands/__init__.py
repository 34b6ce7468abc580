"""The verbs: what people, clocks and the outside world do. One verb, one transaction."""

from .cases import CaseVerbs
from .desk import Desk
from .effects import EffectVerbs
from .messages import MessageVerbs
from .people import PeopleVerbs
from .releases import ReleaseVerbs
from .repair import RepairVerbs
from .settings import SettingVerbs
from .tasks import TaskVerbs
from .turning import TurnVerbs


class Engine(
    TaskVerbs,
    CaseVerbs,
    EffectVerbs,
    MessageVerbs,
    ReleaseVerbs,
    RepairVerbs,
    PeopleVerbs,
    SettingVerbs,
    Desk,
):
    """All verbs on one desk."""


__all__ = ["Engine"]
