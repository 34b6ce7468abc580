"""The verbs: what people, clocks and the outside world do. One verb, one transaction."""

from .attaching import AttachVerbs
from .dispatching import DispatchVerbs
from .drafts import DraftVerbs
from .duty import DutyVerbs
from .effects import EffectVerbs
from .messages import MessageVerbs
from .opinions import OpinionVerbs
from .parties import PartyVerbs
from .people import PeopleVerbs
from .reading import ReadingVerbs
from .registers import RegisterVerbs
from .releases import ReleaseVerbs
from .renewing import RenewVerbs
from .repair import RepairVerbs
from .sealing import SealVerbs
from .settings import SettingVerbs
from .standing import StandingVerbs
from .tasks import TaskVerbs
from .turning import TurnVerbs
from .views import ViewVerbs


class Engine(
    PartyVerbs,
    DispatchVerbs,
    OpinionVerbs,
    TaskVerbs,
    TurnVerbs,
    EffectVerbs,
    MessageVerbs,
    ReleaseVerbs,
    RepairVerbs,
    RenewVerbs,
    PeopleVerbs,
    StandingVerbs,
    DutyVerbs,
    DraftVerbs,
    SettingVerbs,
    RegisterVerbs,
    ReadingVerbs,
    AttachVerbs,
    SealVerbs,
    ViewVerbs,
):
    """All verbs on one desk."""


__all__ = ["Engine"]
