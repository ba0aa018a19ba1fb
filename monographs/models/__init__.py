"""What the library holds."""

from .content_version import ContentVersion, once_a_version
from .interaction import InteractionRule
from .medicine import DrugClass, DrugName, Ingredient, Medicine, UseGroup
from .monograph import Monograph, MonographSection, SectionKind, Source

__all__ = [
    "ContentVersion",
    "DrugClass",
    "DrugName",
    "Ingredient",
    "InteractionRule",
    "Medicine",
    "Monograph",
    "MonographSection",
    "SectionKind",
    "Source",
    "UseGroup",
    "once_a_version",
]
