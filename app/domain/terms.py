"""The closed lists of the handbook (§2, §3): every value that a table, a file or a page may hold."""

from app.domain.faces import Face


class OrganisationKind(Face):
    OTEC = "otec", "Organismo capacitador (OTEC)"
    OTIC = "otic", "OTIC"
    COMPANY = "company", "Empresa"


class Line(Face):
    """Línea de capacitación; the value is the one of the portal and of the files."""

    SOCIAL_PROGRAMMES = "1", "Programas Sociales (Becas Laborales)"
    TAX_FRANCHISE = "3", "Franquicia Tributaria"
    WORKPLACE_TRAINING = "6", "Formación en el Puesto de Trabajo (FPT)"


class Activity(Face):
    """Tipo de actividad: a course that crosses 31 December is split into a partial and its complementary."""

    NORMAL = "normal", "Dentro del año calendario"
    PARTIAL = "partial", "Parcial"
    COMPLEMENTARY = "complementary", "Complementaria"


class Modality(Face):
    CLASSROOM = "presencial", "Presencial"
    ELEARNING_ASYNC = "elearning_async", "E-learning asincrónico"
    ELEARNING_SYNC = "elearning_sync", "E-learning sincrónico"
    DISTANCE = "distance", "A distancia"


class ActionStatus(Face):
    """Estado del curso. A liquidated course is frozen: copies only."""

    ENTERED = "entered", "Ingresada"
    AUTHORISED = "authorised", "Autorizada"
    PRE_LIQUIDATED = "pre_liquidated", "Pre-liquidada"
    LIQUIDATED = "liquidated", "Liquidada"
    CANCELLED = "cancelled", "Anulada"
