"""Walks over the forms from outside: no form is forgotten by them."""

from __future__ import annotations

from ansible_collections.nutanix_flow.dr.plugins.module_utils._entities.recovery_registry import RECOVERY_ENTITIES
from ansible_collections.nutanix_flow.dr.plugins.module_utils._entities.registry import ENTITIES
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.form import Form
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.struct import ListOf, Struct
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.translate import translate_value


def within(form: Form) -> set[type[Form]]:
    """The classes of a form and of all that it is made of."""
    inner = [field.form for field in form.fields] if isinstance(form, Struct) else [form.form] if isinstance(form, ListOf) else []
    return {type(form)}.union(*(within(one) for one in inner))


def test_each_form_that_names_other_objects_is_translated() -> None:
    tables = [*ENTITIES.values(), *RECOVERY_ENTITIES.values()]
    naming = {cls for table in tables for field in table.fields for cls in within(field.form) if cls.references is not Form.references}
    assert len(naming) > 5
    assert [cls.__name__ for cls in naming if translate_value.dispatch(cls) is translate_value.dispatch(object)] == []
