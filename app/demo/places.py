"""Where demo courses are held: a commune of each of the sixteen regions."""

from app.domain.regions import Region

COMMUNES: dict[Region, tuple[str, ...]] = {
    Region.METROPOLITANA: ("Santiago", "Ñuñoa", "Peñalolén", "Maipú"),
    Region.BIOBIO: ("Concepción", "Los Ángeles"),
    Region.ARICA_Y_PARINACOTA: ("Arica",),
    Region.TARAPACA: ("Iquique",),
    Region.ANTOFAGASTA: ("Antofagasta", "Calama"),
    Region.ATACAMA: ("Copiapó",),
    Region.COQUIMBO: ("La Serena", "Vicuña"),
    Region.VALPARAISO: ("Isla de Pascua", "Viña del Mar"),
    Region.OHIGGINS: ("Rancagua",),
    Region.MAULE: ("Talca", "Curicó"),
    Region.NUBLE: ("Chillán",),
    Region.LA_ARAUCANIA: ("Temuco",),
    Region.LOS_RIOS: ("Valdivia",),
    Region.LOS_LAGOS: ("Puerto Montt",),
    Region.AYSEN: ("Coyhaique",),
    Region.MAGALLANES: ("Punta Arenas",),
}
REGIONS: tuple[Region, ...] = tuple(COMMUNES)
