{#
    A table by schema and name alone. What a view reads is named so: the catalog is the name of the file, and a copy of
    the warehouse may have another one.
#}
{% macro without_catalog(relation) -%}
    {{ relation.include(database=false) if relation.include is defined else relation }}
{%- endmacro %}
