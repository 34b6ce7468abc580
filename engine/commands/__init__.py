"""The verbs: what people, clocks and the outside world do. One verb, one transaction."""

from .attaching import AttachVerbs
from .destroying import DestroyVerbs
from .dispatching import DispatchVerbs
from .duty import DutyVerbs
from .effects import EffectVerbs
from .holding import HoldVerbs
from .joining import JoiningVerbs
from .messages import MessageVerbs
from .moving import MovingVerbs
from .opinions import OpinionVerbs
from .parties import PartyVerbs
from .people import PeopleVerbs
from .previewing import PreviewVerbs
from .printing import PrintVerbs
from .proposing import ProposingVerbs
from .reading import ReadingVerbs
from .registers import RegisterVerbs
from .renewing import RenewVerbs
from .reviewing import ReviewVerbs
from .sealing import SealVerbs
from .settings import SettingVerbs
from .standing import StandingVerbs
from .telling import TellingVerbs
from .turning import TurnVerbs
from .views import ViewVerbs
from .walking import WalkVerbs


class Engine(
    PartyVerbs,
    DispatchVerbs,
    OpinionVerbs,
    TellingVerbs,
    JoiningVerbs,
    PreviewVerbs,
    TurnVerbs,
    EffectVerbs,
    MessageVerbs,
    ReviewVerbs,
    ProposingVerbs,
    MovingVerbs,
    RenewVerbs,
    PeopleVerbs,
    StandingVerbs,
    DutyVerbs,
    SettingVerbs,
    RegisterVerbs,
    ReadingVerbs,
    AttachVerbs,
    PrintVerbs,
    SealVerbs,
    HoldVerbs,
    DestroyVerbs,
    ViewVerbs,
    WalkVerbs,
):
    """All verbs on one desk."""


__all__ = ["Engine"]
