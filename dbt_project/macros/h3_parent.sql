{#
    Parent of an H3 cell by bit arithmetic: write the new resolution into bits 52-55 and fill the digits below it
    with 7 (H3 core library, index bit layout). Exact, and the same as the library's cell_to_parent.

    cell: UBIGINT expression; child_resolution > parent_resolution: integers, 0 to 15.
#}
{% macro h3_parent(cell, child_resolution, parent_resolution) -%}
    {%- set place = namespace(value=1, unused_digits=0) -%}
    {%- for resolution in range(15, 0, -1) -%}
        {%- if parent_resolution < resolution <= child_resolution -%}
            {%- set place.unused_digits = place.unused_digits + 7 * place.value -%}
        {%- endif -%}
        {%- set place.value = place.value * 8 -%}
    {%- endfor -%}
    {%- set resolution_bits = 15 * 2 ** 52 -%}
    (
        ({{ cell }} & {{ 2 ** 64 - 1 - resolution_bits }}::ubigint)
        | {{ parent_resolution * 2 ** 52 + place.unused_digits }}::ubigint
    )
{%- endmacro %}
