package main

import rego.v1

resources[i] := {
	"address": change.address,
	"type": change.type,
	"entry": entry,
	"cloud": entry.cloud,
	"after": object.get(change.change, "after", {}),
	"unknown": object.get(change.change, "after_unknown", {}),
	"tags": seen.tags,
	"waiting": seen.waiting,
	"sensitive": sensitive(change.change, entry),
} if {
	is_array(input.resource_changes)
	some i, change in input.resource_changes
	object.get(change, "mode", "managed") == "managed"
	not change.deposed
	stays(change.change.actions)
	entry := entry_of(change)
	seen := tags_of(change, entry)
}

# A type that is in no table shows by its attributes that the provider tags it.
entry_of(change) := book.types[change.type]

entry_of(change) := {"cloud": "aws", "attribute": "tags", "shape": "map", "classes": [], "gpu": []} if {
	not book.types[change.type]
	has(change.change, "tags_all")
}

entry_of(change) := {"cloud": "gcp", "attribute": "labels", "shape": "labels", "classes": [], "gpu": []} if {
	not book.types[change.type]
	has(change.change, "effective_labels")
}

stays(actions) if {
	some action in actions
	action in {"create", "update"}
}

stays(actions) if actions == ["no-op"]

merged := ["tags_all", "effective_labels", "terraform_labels"]

# The attribute in which the provider shows own tags and defaults together.
merged_name(change) := [name | some name in merged; has(change, name)][0]

has(change, name) if name in object.keys(object.get(change, "after", {}))

has(change, name) if name in object.keys(object.get(change, "after_unknown", {}))

# What is known of the tags, and the keys that wait for apply ("*": any key may).
tags_of(change, entry) := {"tags": texts(shown), "waiting": unknown_keys(flags)} if {
	name := merged_name(change.change)
	shown := change.change.after[name]
	is_object(shown)
	flags := object.get(object.get(change.change, "after_unknown", {}), name, false)
} else := {"tags": object.union(defaults.tags, mine), "waiting": own.waiting | (defaults.waiting - object.keys(mine))} if {
	# One unknown tag hides all of tags_all: then the code's own tags and the provider's defaults tell more.
	merged_name(change.change)
	own := own_tags(change.change, entry)
	mine := object.remove(own.tags, own.waiting)
	defaults := defaults_of(change)
} else := own_tags(change.change, entry)

texts(shown) := {key: written | some key, written in shown; is_string(written)}

own_tags(change, entry) := {"tags": texts(written), "waiting": unknown_keys(flags)} if {
	written := own(change, entry)
	flags := own_flags(change, entry)
}

own(change, entry) := found[0] if {
	entry.shape in {"map", "labels"}
	found := nested(object.get(change, "after", {}), entry.attribute)
	count(found) > 0
} else := {pair.key: pair.value | some pair in object.get(change.after, entry.attribute, []); is_string(pair.key)} if {
	entry.shape in {"list", "tag_block"}
	is_array(object.get(change.after, entry.attribute, null))
} else := {}

nested(after, attribute) := [item |
	walk(after, [path, item])
	is_object(item)
	concat(".", [part | some part in path; is_string(part)]) == attribute
]

# after_unknown has the shape of after: true for a whole value, objects and lists for parts of it.
own_flags(change, entry) := true if {
	some flag in at_path(object.get(change, "after_unknown", {}), entry.attribute)
	flag == true
} else := found[0] if {
	entry.shape in {"map", "labels"}
	found := nested(object.get(change, "after_unknown", {}), entry.attribute)
	count(found) > 0
} else := {key: flag |
	some i, parts in object.get(change.after_unknown, entry.attribute, [])
	some key, flag in pair_flag(object.get(change.after, entry.attribute, [])[i], parts)
} if {
	entry.shape in {"list", "tag_block"}
	is_array(object.get(change.after_unknown, entry.attribute, null))
} else := false

pair_flag(pair, parts) := {"*": true} if {
	parts == true
} else := {"*": true} if {
	parts.key == true
} else := {pair.key: true} if {
	parts.value == true
	is_string(pair.key)
} else := {}

unknown_keys(found) := {"*"} if {
	found == true
} else := {key | found[key] == true} if {
	is_object(found)
} else := set()

sensitive(change, entry) if {
	some name in array.concat(merged, [entry.attribute])
	walk(object.get(object.get(change, "after_sensitive", {}), name, false), [_, flag])
	flag == true
} else := false

defaults_of(change) := {"tags": texts(expression.constant_value), "waiting": set()} if {
	expression := default_expression(provider_of(change))
	is_object(expression.constant_value)
} else := {"tags": {}, "waiting": set()} if {
	key := provider_of(change)
	not default_expression(key)
} else := {"tags": {}, "waiting": {"*"}}

# The provider configuration of each resource block, by its address without instance keys.
provider_keys[address] contains block.provider_config_key if {
	walk(input.configuration.root_module, [path, blocks])
	count(path) % 3 == 1
	path[count(path) - 1] == "resources"
	calls := [sprintf("module.%s", [path[i + 1]]) | some i, part in path; i % 3 == 0; part == "module_calls"]
	some block in blocks
	address := concat(".", array.concat(calls, [block.address]))
}

provider_of(change) := [key | some key in provider_keys[without_keys(change.address)]][0]

without_keys(address) := regex.replace(address, `\[(?:[0-9]+|"(?:[^"\\]|\\.)*")\]`, "")

# A module without a configuration of its own uses that of the module which calls it.
default_expression(key) := expression if {
	own := provider_place(key)
	found := [[count(place.module), name] |
		some name, _ in input.configuration.provider_config
		place := provider_place(name)
		place.name == own.name
		above(place.module, own.module)
	]
	nearest := sort(found)[count(found) - 1][1]
	blocks := input.configuration.provider_config[nearest].expressions
	expression := default_block(blocks)
}

default_block(blocks) := blocks.default_tags[0].tags

default_block(blocks) := blocks.default_tags.tags

default_block(blocks) := blocks.default_labels

provider_place(key) := {"module": concat(":", array.slice(parts, 0, count(parts) - 1)), "name": parts[count(parts) - 1]} if {
	parts := split(key, ":")
}

above(outer, inner) if outer in {"", inner}

above(outer, inner) if startswith(inner, concat("", [outer, ".module."]))

findings contains finding if {
	not is_plan
	finding := about_the_plan("error", "this is no plan: give conftest what `terraform show -json PLANFILE` prints")
}

is_plan if {
	is_string(input.format_version)
	is_array(object.get(input, "resource_changes", []))
	not input.values
}

findings contains finding if {
	input.errored == true
	finding := about_the_plan("error", "the plan ended with an error, so it is not complete: mend it and plan again")
}

findings contains finding if {
	input.complete == false
	not input.errored == true
	finding := about_the_plan("warning", "the plan is not complete: it was made with -target, or some changes wait")
}

findings contains finding if {
	some deferred in input.deferred_changes
	address := deferred.resource_change.address
	finding := object.union(
		about_the_plan("warning", sprintf("%s is decided in a later run, and not judged now", [address])),
		{"address": address},
	)
}

about_the_plan(level, text) := {
	"msg": sprintf("%s (undecided)", [text]), "rule": "undecided", "key": "", "severity": level, "address": "",
}
