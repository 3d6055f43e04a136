package main

import rego.v1

# The dictionary itself stands in the data document (data.tagwright): nothing of it is in this file.

book := data.tagwright

deny contains finding if {
	some finding in findings
	finding.severity == "error"
}

warn contains finding if {
	some finding in findings
	finding.severity != "error"
}

# The day that deadlines and deprecations are measured by: data.tagwright.today, else the clock's.
today := book.today

today := substring(time.format(time.now_ns()), 0, 10) if not book.today

# --- resources -------------------------------------------------------------------------------------------------

resources[i] := {
	"address": change.address,
	"type": change.type,
	"entry": entry,
	"cloud": entry.cloud,
	"after": object.get(change.change, "after", {}),
	"unknown": object.get(change.change, "after_unknown", {}),
	"tags": {key: written | some key, written in place(change.change, entry); is_string(written)},
	"waiting": waiting(change.change, entry),
	"sensitive": sensitive(change.change, entry),
} if {
	some i, change in input.resource_changes
	change.mode == "managed"
	stays(change.change.actions)
	entry := book.types[change.type]
}

stays(actions) if {
	some action in actions
	action in {"create", "update"}
}

stays(["no-op"])

# Where the provider shows the tags with its defaults, else where the code writes them.
place(change, entry) := change.after[names[0]] if {
	names := [name | some name in merged; is_object(object.get(change.after, name, null))]
	count(names) > 0
} else := found[0] if {
	entry.shape in {"map", "labels"}
	found := nested(change.after, entry.attribute)
	count(found) > 0
} else := {pair.key: pair.value | some pair in object.get(change.after, entry.attribute, []); is_string(pair.key)} if {
	entry.shape in {"list", "tag_block"}
	is_array(object.get(change.after, entry.attribute, null))
} else := {}

merged := ["tags_all", "effective_labels", "terraform_labels"]

nested(after, attribute) := [item |
	walk(after, [path, item])
	is_object(item)
	concat(".", [part | some part in path; is_string(part)]) == attribute
]

# Keys whose values are known only after apply; "*" where that is so of all of them.
waiting(change, entry) := {key |
	some name in array.concat(merged, [entry.attribute])
	found := object.get(object.get(change, "after_unknown", {}), name, false)
	some key in unknown_keys(found)
}

sensitive(change, entry) if {
	some name in array.concat(merged, [entry.attribute])
	walk(object.get(object.get(change, "after_sensitive", {}), name, false), [_, flag])
	flag == true
} else := false

unknown_keys(found) := {"*"} if {
	found == true
} else := {key | found[key] == true} if {
	is_object(found)
} else := set()

# --- keys and values ---------------------------------------------------------------------------------------------

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
	letters(split(written, "@")[0]) in book.placeholders.mailboxes
}

pretends(name, written) if {
	book.keys[name].format == "email"
	lower(split(written, "@")[1]) in book.keys[name].nobodys
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

# --- classes ------------------------------------------------------------------------------------------------------

is_class(resource, class) if class in resource.entry.classes

is_class(resource, "gpu") if {
	some rule in resource.entry.gpu
	some written in deciding(resource, rule)
	accelerated(rule.kind, lower(trim_space(written)))
}

# Neither proven nor excluded: a value that is not known yet, or that is in no table.
may_be_class(resource, "gpu") if {
	not is_class(resource, "gpu")
	some rule in resource.entry.gpu
	some written in deciding(resource, rule)
	text := lower(trim_space(written))
	text != ""
	not accelerated(rule.kind, text)
	not excluded(rule.kind, text)
}

may_be_class(resource, "gpu") if {
	not is_class(resource, "gpu")
	some rule in resource.entry.gpu
	not rule.known
	some flag in at_path(resource.unknown, rule.path)
	flag == true
}

deciding(resource, rule) := [written |
	some written in at_path(resource.after, rule.path)
	is_string(written)
	not overridden(resource, rule)
	not none_of_them(resource, rule)
]

overridden(resource, rule) if {
	rule.unless != ""
	some written in at_path(resource.after, rule.unless)
	written != ""
	written != null
}

none_of_them(resource, rule) if {
	rule.zero != ""
	counts := at_path(resource.after, rule.zero)
	count(counts) > 0
	count([amount | some amount in counts; not amount in {0, "0"}]) == 0
}

at_path(node, wanted) := [item |
	walk(node, [path, found])
	concat(".", [part | some part in path; is_string(part)]) == wanted
	some item in leaves(found)
]

leaves(found) := found if is_array(found)

leaves(found) := [found] if {
	not is_array(found)
	not is_object(found)
}

accelerated("aws-instance", text) if family(text) in book.accelerators.aws.accelerators

accelerated("google-machine", text) if machine(text) in book.accelerators.google.accelerators

accelerated("azure-size", text) if series(size(text)) in book.accelerators.azure.accelerators

accelerated("gpu-word", text) if {
	some word in split(replace(text, "-", "_"), "_")
	word in {"gpu", "inferenceaccelerator", "neuron", "neuroncore", "neurondevice", "nvidia"}
}

accelerated("present", text) if not text in {"", "accelerator_type_unspecified", "none"}

excluded("aws-instance", text) if general("aws", family(text))

excluded("google-machine", text) if general("google", machine(text))

excluded("azure-size", text) if {
	not accelerated("azure-size", text)
	substring(series(size(text)), 0, 1) in book.accelerators.azure.general
	size(text) != series(size(text))
}

excluded("gpu-word", text) if not accelerated("gpu-word", text)

excluded("present", text) if not accelerated("present", text)

general(cloud, name) if name in book.accelerators[cloud].words

general(cloud, name) if {
	not name in book.accelerators[cloud].accelerators
	series(name) in book.accelerators[cloud].general
}

family(text) := split(trim_prefix(text, "ml."), ".")[0]

machine(text) := split(regex.replace(text, "^.*/", ""), "-")[0]

size(text) := trim_prefix(trim_prefix(text, "standard_"), "basic_")

series(text) := regex.replace(text, "[^a-z].*$", "")

# --- requirements ------------------------------------------------------------------------------------------------

severity(requirement) := "error" if {
	requirement.from
	requirement.from <= today
} else := requirement.severity

selected(_, requirement) if requirement.everything

selected(resource, requirement) if {
	some class in requirement.classes
	is_class(resource, class)
}

selected(resource, requirement) if {
	some glob in requirement.types
	regex.match(glob, resource.type)
}

may_be_selected(resource, requirement) if {
	some class in requirement.classes
	may_be_class(resource, class)
}

holds(resource, requirement) if not fails(resource, requirement)

fails(resource, requirement) if {
	some name, allowed in requirement.when
	not has_one_of(resource, name, allowed)
}

has_one_of(resource, name, allowed) if {
	written := value(resource, name)
	written in allowed
}

may_hold(resource, requirement) if not must_fail(resource, requirement)

must_fail(resource, requirement) if {
	some name, allowed in requirement.when
	not has_one_of(resource, name, allowed)
	not unknown(resource, name)
}

# [number of the resource, number of the requirement] where the requirement applies for certain, and where it may.
applies contains [i, j] if {
	some i, resource in resources
	some j, requirement in book.requirements
	selected(resource, requirement)
	holds(resource, requirement)
}

may_apply contains [i, j] if {
	some i, resource in resources
	some j, requirement in book.requirements
	may_be_selected(resource, requirement)
	may_hold(resource, requirement)
	not [i, j] in applies
}

may_apply contains [i, j] if {
	some i, resource in resources
	some j, requirement in book.requirements
	selected(resource, requirement)
	may_hold(resource, requirement)
	not [i, j] in applies
}

# --- findings -----------------------------------------------------------------------------------------------------

made(resource, rule, name, level, text) := {
	"msg": sprintf("%s: %s (%s)", [resource.address, text, rule]),
	"rule": rule,
	"key": name,
	"severity": level,
	"address": resource.address,
}

findings contains finding if {
	some resource in resources
	some name, key in book.keys
	written := value(resource, name)
	rule := fault(name, written)
	level := object.get({"deprecated-value": deprecation_severity(name, written)}, rule, "error")
	shown := shown_value(resource, written)
	finding := made(resource, rule, name, level, sprintf("%s = %s: %s", [spelled(resource, name), shown, key.says]))
}

# Only what the plan does not mark as sensitive is printed.
shown_value(resource, _) := "(sensitive value)" if resource.sensitive

shown_value(resource, written) := json.marshal(written) if not resource.sensitive

findings contains finding if {
	some [i, j] in applies
	resource := resources[i]
	requirement := book.requirements[j]
	some name in requirement.require
	not value(resource, name)
	not unknown(resource, name)
	not misspelt_instead(resource, name)
	text := sprintf("%s is required by %s", [spelled(resource, name), requirement.id])
	finding := made(resource, "missing-tag", name, severity(requirement), text)
}

# In another case, and not in the right one: key-case says it instead.
misspelt_instead(resource, name) if {
	count(misspelt(resource, name)) > 0
	not written_at_all(resource, name)
}

written_at_all(resource, name) if is_string(raw(resource, name))

findings contains finding if {
	some i, resource in resources
	some name, _ in book.keys
	some key in misspelt(resource, name)
	text := sprintf("%s is written %s in the dictionary", [json.marshal(key), spelled(resource, name)])
	finding := made(resource, "key-case", name, case_severity(i, name), text)
}

case_severity(i, name) := "error" if {
	some [k, j] in applies
	k == i
	name in book.requirements[j].require
	severity(book.requirements[j]) == "error"
} else := "warning"

findings contains finding if {
	some [i, j] in applies
	resource := resources[i]
	requirement := book.requirements[j]
	some match in requirement.matches
	written := value(resource, match.key)
	of := value(resource, match.of)
	row := match.rows[of]
	not written in row
	not unacceptable(match.key, written)
	text := sprintf("%s does not belong to %s (%s)", [
		spelled(resource, match.key), spelled(resource, match.of), requirement.id,
	])
	finding := made(resource, "mismatched-tags", match.key, severity(requirement), text)
}

unacceptable(name, written) if fault(name, written) != "deprecated-value"

findings contains finding if {
	some [i, j] in applies
	resource := resources[i]
	requirement := book.requirements[j]
	some group in requirement.exclusive
	present := [name | some name in group; is_string(value(resource, name))]
	count(present) > 1
	text := sprintf("%s exclude each other (%s)", [concat(" and ", present), requirement.id])
	finding := made(resource, "mismatched-tags", group[0], severity(requirement), text)
}

# What is required, or may be, and cannot be told before apply: one warning a resource and key.
findings contains finding if {
	some [i, j] in applies | may_apply
	resource := resources[i]
	some name in book.requirements[j].require
	not value(resource, name)
	undecided(i, j, name)
	text := sprintf("%s may be missing: it is not known yet", [spelled(resource, name)])
	finding := made(resource, "undecided", name, "warning", text)
}

undecided(i, _, name) if unknown(resources[i], name)

undecided(i, j, name) if {
	[i, j] in may_apply
	not misspelt_instead(resources[i], name)
}

findings contains finding if {
	some resource in resources
	limits := book.clouds[resource.cloud].limits
	some key, written in resource.tags
	not placeholder(resource, key)
	text := broken_limit(limits, key, written)
	finding := made(resource, "invalid-tag", named(resource, key), "error", sprintf("%s: %s", [json.marshal(key), text]))
}

# Said already, as what it is.
placeholder(resource, key) if {
	some name, spelling in book.clouds[resource.cloud].spelled
	spelling == key
	fault(name, value(resource, name)) == "placeholder-value"
}

named(resource, key) := name if {
	some name, written in book.clouds[resource.cloud].spelled
	written == key
} else := key

findings contains finding if {
	some resource in resources
	limits := book.clouds[resource.cloud].limits
	counted := [key | resource.tags[key]; not uncounted(limits, key)]
	count(counted) > limits.most
	text := sprintf("%d tags, allowed are %d", [count(counted), limits.most])
	finding := made(resource, "invalid-tag", "", "error", text)
}

uncounted(limits, key) if {
	some prefix in limits.not_counted
	startswith(lower(key), prefix)
}

broken_limit(limits, key, written) := "the provider keeps keys of this prefix for itself" if {
	some prefix in limits.reserved
	startswith(lower(key), prefix)
	not key in limits.allowed_keys
} else := "the provider refuses the key" if {
	refused(limits.key, key)
} else := "the provider refuses the value" if {
	refused(limits.value, written)
}

refused(limit, text) if count(text) < limit.least

refused(limit, text) if count(text) > limit.most

refused(limit, text) if regex.match(limit.forbidden, text)
