package main

import rego.v1

spelled(resource, name) := book.clouds[resource.cloud].spelled[name]

raw(resource, name) := resource.tags[spelled(resource, name)]

# The value as the dictionary spells it; undefined where it is absent or empty.
value(resource, name) := decoded if {
	written := raw(resource, name)
	written != ""
	decoded := decode(resource.cloud, name, written)
}

decode(cloud, name, written) := found if {
	book.clouds[cloud].labels
	found := book.clouds[cloud].forms[name][written]
} else := found if {
	book.clouds[cloud].labels
	book.keys[name].format == "email"
	parts := split(written, "_at_")
	count(parts) > 1
	domain := parts[count(parts) - 1]
	local := concat("_at_", array.slice(parts, 0, count(parts) - 1))
	local != ""
	not contains(written, "@")
	not contains(domain, ".")
	found := concat("@", [local, replace(domain, "_", ".")])
} else := written

unknown(resource, name) if resource.waiting[spelled(resource, name)]

unknown(resource, name) if {
	resource.waiting["*"]
	not raw(resource, name)
}

misspelt(resource, name) := [key |
	wanted := spelled(resource, name)
	resource.tags[key]
	key != wanted
	lower(key) == lower(wanted)
	not key in object_values(book.clouds[resource.cloud].spelled)
]

object_values(pairs) := {item | item := pairs[_]}

# What is wrong with a value, by rule.
fault(name, written) := "deprecated-value" if book.keys[name].values[written].deprecated

fault(name, written) := "placeholder-value" if {
	not approved(name, written)
	pretends(name, written)
}

fault(name, written) := "value-not-allowed" if {
	not approved(name, written)
	not pretends(name, written)
	refused_form(name, written)
}

approved(name, written) if book.keys[name].values[written]

refused_form(name, _) if book.keys[name].values

refused_form(name, written) if {
	some shape in book.keys[name].shapes
	not regex.match(shape, written)
}

# No pattern is tried on more: such a value matches none.
refused_form(name, written) if {
	count(book.keys[name].shapes) > 0
	count(written) > 512
}

pretends(name, written) if {
	not number(name, written)
	letters(written) in book.placeholders.words
}

pretends(name, written) if {
	not number(name, written)
	regex.match(book.placeholders.letters, letters(written))
	not regex.match(book.placeholders.beyond, written)
}

pretends(_, written) if regex.match(book.placeholders.raw, lower(written))

pretends(name, written) if {
	book.keys[name].format == "email"
	contains(written, "@")
	letters(split(written, "@")[0]) in book.placeholders.mailboxes
}

pretends(name, written) if {
	book.keys[name].format == "email"
	regex.match(book.keys[name].nobodys, written)
}

letters(written) := regex.replace(lower(written), book.placeholders.separators, "")

number(name, written) if {
	book.keys[name].format == "integer"
	regex.match("^[0-9]+$", written)
}

deprecation_severity(name, written) := "error" if {
	until := book.keys[name].values[written].until
	until < today
} else := "warning"
