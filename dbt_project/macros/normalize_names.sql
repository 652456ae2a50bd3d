{# Accents, case, punctuation and repeated blanks away: what every name key starts from. #}
{% macro fold_text(text) -%}
    trim(regexp_replace(
        regexp_replace(
            replace(lower(strip_accents({{ text }})), '&', ' and '),
            '[''’`´.]', '', 'g'
        ),
        '[^\p{L}\p{M}\p{N}]+', ' ', 'g'
    ))
{%- endmacro %}

{#
    Key of a state or province: "The State of Tamil Nadu" and "TAMIL-NADU, India" are both "tamil nadu".
    A name that consists of noise only keeps its words.
#}
{% macro region_key(text) -%}
    coalesce(
        nullif(trim(regexp_replace(
            {{ fold_text(text) }},
            '^(the )?(state of |union territory of |ut of |nct of |province of )?(.*?)( state| province| union territory| nct| ut| india)*$',
            '\3'
        )), ''),
        nullif({{ fold_text(text) }}, '')
    )
{%- endmacro %}

{#
    Key of a city or district: parentheses, postal codes and the words that only say what kind of area it is go;
    hyphenated names stay whole ("Pimpri-Chinchwad" is "pimpri chinchwad").
    A name that consists of noise only keeps its words.
#}
{% macro city_key(text) -%}
    coalesce(
        nullif(trim(regexp_replace(
            regexp_replace(
                {{ fold_text("regexp_replace(" ~ text ~ ", '\\([^)]*\\)', ' ', 'g')") }},
                '\b\d{3} ?\d{2,3}\b|\b\d{3,}\b', ' ', 'g'
            ),
            '^\s*(city of |district of |municipality of |dist )?(.*?)( municipal corporation| corporation| municipality| district| dist| city| taluka?| te?hsil| tahsil| mandal)*\s*$',
            '\2'
        )), ''),
        nullif({{ fold_text(text) }}, '')
    )
{%- endmacro %}

{# Digits of a postal code; null when there are none. #}
{% macro postcode_digits(text) -%}
    nullif(regexp_replace({{ text }}, '[^0-9]', '', 'g'), '')
{%- endmacro %}

{# Likeness of two keys, 0 to 1: share of letters that need no edit; a swap of neighbors is one edit. #}
{% macro name_similarity(left_key, right_key) -%}
    1.0 - damerau_levenshtein({{ left_key }}, {{ right_key }}) / greatest(length({{ left_key }}), length({{ right_key }}), 1)
{%- endmacro %}

{# Least likeness at which a misspelt region or city is taken for the known one; tests/integration holds the error rate. #}
{% macro region_similarity_threshold() -%} 0.8 {%- endmacro %}
{% macro city_similarity_threshold() -%} 0.75 {%- endmacro %}
