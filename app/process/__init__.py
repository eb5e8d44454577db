"""BPMN diagrams run by the engine: definitions, instances, operations."""
