"""What demo courses teach: name and código SENCE."""

SUBJECTS: tuple[tuple[str, str], ...] = (
    ("Planillas de cálculo para la gestión de bodegas", "1238012345"),
    ("Atención de público con enfoque inclusivo", "1238010021"),
    ("Manipulación higiénica de alimentos", "1238010037"),
    ("Operación segura de grúa horquilla", "1238010043"),
    ("Soldadura al arco: técnicas básicas", "1238010058"),
    ("Prevención de riesgos en altura", "1238010064"),
    ("Inglés para la atención de turistas", "1238010079"),
    ("Cocina chilena: panes, masas y repostería", "1238010085"),
    ("Instalaciones eléctricas domiciliarias", "1238010090"),
    ("Primeros auxilios y reanimación", "1238010106"),
    ("Gestión contable para pequeñas empresas", "1238010112"),
    ("Cuidado de personas mayores", "1238010127"),
    ("Poda e injerto de frutales", "1238010133"),
    ("Diseño de páginas web accesibles", "1238010148"),
    ("Conducción eficiente de camiones", "1238010154"),
)
