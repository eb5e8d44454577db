"""The sixteen regions: their CUT code, name, zone of time and the code their own holidays are known by."""

from typing import Self

from app.domain.faces import Face

_SANTIAGO = "America/Santiago"
_EASTER = "Pacific/Easter"
_EASTER_COMMUNE = "isla de pascua"


class Region(Face):
    """`Region("13")` finds one by its CUT code; the order is from north to south."""

    zone: str
    holiday_code: str

    def __new__(cls, value: str, label: str = "", zone: str = _SANTIAGO, holiday_code: str = "") -> Self:
        # An enumeration cannot call the constructor of its parent, so the face is given here again.
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        member.zone = zone
        member.holiday_code = holiday_code
        return member

    ARICA_Y_PARINACOTA = "15", "Arica y Parinacota", _SANTIAGO, "AP"
    TARAPACA = "01", "Tarapacá", _SANTIAGO, "TA"
    ANTOFAGASTA = "02", "Antofagasta", _SANTIAGO, "AN"
    ATACAMA = "03", "Atacama", _SANTIAGO, "AT"
    COQUIMBO = "04", "Coquimbo", _SANTIAGO, "CO"
    VALPARAISO = "05", "Valparaíso", _SANTIAGO, "VS"
    METROPOLITANA = "13", "Metropolitana de Santiago", _SANTIAGO, "RM"
    OHIGGINS = "06", "Libertador General Bernardo O'Higgins", _SANTIAGO, "LI"
    MAULE = "07", "Maule", _SANTIAGO, "ML"
    NUBLE = "16", "Ñuble", _SANTIAGO, "NB"
    BIOBIO = "08", "Biobío", _SANTIAGO, "BI"
    LA_ARAUCANIA = "09", "La Araucanía", _SANTIAGO, "AR"
    LOS_RIOS = "14", "Los Ríos", _SANTIAGO, "LR"
    LOS_LAGOS = "10", "Los Lagos", _SANTIAGO, "LL"
    AYSEN = "11", "Aysén", "America/Coyhaique", "AI"
    MAGALLANES = "12", "Magallanes", "America/Punta_Arenas", "MA"


def zone_of(region: str, commune: str = "") -> str:
    """The IANA zone of a place of execution. Raises ValueError for a code that is no region."""
    found = Region(region)
    if found is Region.VALPARAISO and " ".join(commune.split()).casefold() == _EASTER_COMMUNE:
        return _EASTER
    return found.zone
