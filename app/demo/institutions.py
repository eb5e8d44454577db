"""The institutions of the demo: invented training bodies, an OTIC and companies."""

from dataclasses import dataclass

from app.domain.rut import Rut
from app.domain.terms import OrganisationKind


@dataclass(frozen=True)
class Institution:
    rut: str
    name: str
    kind: OrganisationKind


def _institution(body: int, name: str, kind: OrganisationKind) -> Institution:
    return Institution(Rut.from_body(body).wire, name, kind)


OTECS: tuple[Institution, ...] = (
    _institution(76000001, "Capacitación Quillay SpA", OrganisationKind.OTEC),
    _institution(76000002, "Escuela de Oficios Ñandú Ltda.", OrganisationKind.OTEC),
    _institution(76000003, "Instituto Canelo y Compañía", OrganisationKind.OTEC),
    _institution(76000004, "Formación Austral Peñón S.A.", OrganisationKind.OTEC),
    _institution(76000005, "Aprendizaje Atacama EIRL", OrganisationKind.OTEC),
)
OTIC = _institution(76000010, "Corporación Araucaria", OrganisationKind.OTIC)
COMPANIES: tuple[Institution, ...] = (
    _institution(76000021, "Panadería El Muñoñito Ltda.", OrganisationKind.COMPANY),
    _institution(76000022, "Transportes Cordillera Nevada S.A.", OrganisationKind.COMPANY),
    _institution(76000023, "Viña Piedra de Río SpA", OrganisationKind.COMPANY),
    _institution(76000024, "Salmones Seno Hondo S.A.", OrganisationKind.COMPANY),
    _institution(76000025, "Clínica Los Peumos", OrganisationKind.COMPANY),
    _institution(76000026, "Construcciones Ibáñez y Güemes", OrganisationKind.COMPANY),
)
INSTITUTIONS: tuple[Institution, ...] = (*OTECS, OTIC, *COMPANIES)
