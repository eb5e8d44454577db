"""The application: pages, processes, services, models, adapters and the domain, in layers."""
