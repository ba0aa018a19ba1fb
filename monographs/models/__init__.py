"""What the library holds."""

from .content_version import ContentVersion
from .medicine import DrugClass, DrugName, Ingredient, Medicine, UseGroup
from .monograph import Monograph, MonographSection, SectionKind, Source

__all__ = [
    "ContentVersion",
    "DrugClass",
    "DrugName",
    "Ingredient",
    "Medicine",
    "Monograph",
    "MonographSection",
    "SectionKind",
    "Source",
    "UseGroup",
]
