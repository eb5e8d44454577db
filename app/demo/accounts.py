"""The people who can sign in to the demo: who they are, their CUS and their profiles, the same for every seed."""

from dataclasses import dataclass

from app.demo.institutions import OTECS, OTIC
from app.domain.permissions import Profile


@dataclass(frozen=True)
class Account:
    """A RUT, its CUS and, in Spanish, what can be tried with it."""

    rut: str
    cus: str
    description: str


@dataclass(frozen=True)
class Grant:
    profile: Profile
    organisation_rut: str = ""
    region: str = ""


@dataclass(frozen=True)
class Holder:
    """The person behind an account."""

    account: Account
    given_names: str
    first_surname: str
    second_surname: str
    grants: tuple[Grant, ...] = ()


_FIRST, _SECOND = OTECS[0], OTECS[1]

PROVIDER_ADMIN = Holder(
    Account("12345678-5", "constancia-otec", f"administra la OTEC {_FIRST.name} en todo el país"),
    "María José", "Ñancupil", "Peña",
    (Grant(Profile.PROVIDER_NATIONAL_ADMIN, _FIRST.rut),),
)  # fmt: skip
PROVIDER_REGIONAL_ADMIN = Holder(
    Account("2222222-8", "constancia-regional", f"administra la OTEC {_FIRST.name} en la región del Biobío"),
    "Hernán", "Quilodrán", "Ibáñez",
    (Grant(Profile.PROVIDER_REGIONAL_ADMIN, _FIRST.rut, "08"),),
)  # fmt: skip
SECOND_PROVIDER_ADMIN = Holder(
    Account("3333333-1", "constancia-otec2", f"administra la OTEC {_SECOND.name} en todo el país"),
    "Verónica", "Muñoz", "Güell",
    (Grant(Profile.PROVIDER_NATIONAL_ADMIN, _SECOND.rut),),
)  # fmt: skip
SUPERVISOR = Holder(
    Account("4444444-5", "constancia-otic", f"supervisa por la OTIC {OTIC.name}: ve, no emite"),
    "Andrés", "Echeñique", "Soto",
    (Grant(Profile.SUPERVISOR, OTIC.rut),),
)  # fmt: skip
INSTRUCTOR = Holder(
    Account("5555555-9", "constancia-relator", "facilita cursos: ve los que dicta"),
    "Raúl", "Cárdenas", "Nuñez",
    (Grant(Profile.INSTRUCTOR, _FIRST.rut),),
)  # fmt: skip
PARTICIPANT = Holder(
    Account("6666666-2", "constancia-alumna", "participa en el curso 6731120: ve lo suyo"),
    "Inés Begoña", "Álvarez", "Zúñiga",
)  # fmt: skip
DIRECTOR_METROPOLITANA = Holder(
    Account("11111111-1", "constancia-dr13", "dirige la región Metropolitana: resuelve anulaciones"),
    "Gonzalo", "Ossandón", "Vial",
    (Grant(Profile.REGIONAL_DIRECTOR, region="13"),),
)  # fmt: skip
DIRECTOR_BIOBIO = Holder(
    Account("7777777-6", "constancia-dr08", "dirige la región del Biobío: resuelve anulaciones"),
    "Ximena", "Saldías", "Órdenes",
    (Grant(Profile.REGIONAL_DIRECTOR, region="08"),),
)  # fmt: skip
SENCE_ADMIN = Holder(
    Account("8888888-K", "constancia-sence", "administra por SENCE en todo el país"),
    "Cecilia", "Urrejola", "Mäder",
    (Grant(Profile.SENCE_NATIONAL_ADMIN),),
)  # fmt: skip
SEVERAL_PROFILES = Holder(
    Account("9999999-3", "constancia-varios", f"administra {_SECOND.name} y supervisa por {OTIC.name}"),
    "Tomás", "Güiñez", "Riquelme",
    (
        Grant(Profile.PROVIDER_NATIONAL_ADMIN, _SECOND.rut),
        Grant(Profile.PROVIDER_REGIONAL_ADMIN, _FIRST.rut, "13"),
        Grant(Profile.SUPERVISOR, OTIC.rut),
    ),
)  # fmt: skip
OPERATOR = Holder(
    Account("1111111-4", "constancia-operador", "mantiene el sistema en marcha: incidentes, correos y recálculos"),
    "Bernardo", "Yáñez", "Cifuentes",
    (Grant(Profile.OPERATOR),),
)  # fmt: skip
FIRST_ANALYST = Holder(
    Account("10101010-4", "constancia-analista", "dibuja los procesos y propone cambios"),
    "Paulina", "Órdenes", "Llancaleo",
    (Grant(Profile.PROCESS_ANALYST),),
)  # fmt: skip
SECOND_ANALYST = Holder(
    Account("10203040-0", "constancia-analista2", "aprueba lo que otro analista propone, y al revés"),
    "Ignacio", "Ñúñez", "Barría",
    (Grant(Profile.PROCESS_ANALYST),),
)  # fmt: skip

HOLDERS: tuple[Holder, ...] = (
    PROVIDER_ADMIN,
    PROVIDER_REGIONAL_ADMIN,
    SECOND_PROVIDER_ADMIN,
    SUPERVISOR,
    INSTRUCTOR,
    PARTICIPANT,
    DIRECTOR_METROPOLITANA,
    DIRECTOR_BIOBIO,
    SENCE_ADMIN,
    SEVERAL_PROFILES,
    OPERATOR,
    FIRST_ANALYST,
    SECOND_ANALYST,
)
ACCOUNTS: tuple[Account, ...] = tuple(holder.account for holder in HOLDERS)
