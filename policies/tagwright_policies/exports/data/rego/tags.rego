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

# Of what several requirements say of one resource, rule and key, the gravest, then the first, is the finding.
findings contains finding if {
	some place, found in breaches
	[i, rule, name] := place
	[_, _, level, text] := sort(found)[0]
	finding := made(resources[i], rule, name, level, text)
}

rank := {"error": 0, "warning": 1, "info": 2}

breaches[place] contains [rank[level], j, level, text] if {
	some [i, j] in applies
	resource := resources[i]
	requirement := book.requirements[j]
	some name in requirement.require
	not value(resource, name)
	not unknown(resource, name)
	not misspelt_instead(resource, name)
	not supplied(resource, name)
	level := severity(requirement)
	verb := object.get({"error": "required"}, level, "recommended")
	text := sprintf("%s is %s by %s", [spelled(resource, name), verb, requirement.id])
	place := [i, "missing-tag", name]
}

# A launch template is billed for nothing: what it hands on counts for it.
supplied(resource, name) if {
	resource.type == "aws_launch_template"
	key := spelled(resource, name)
	every kind in {"instance", "volume"} {
		some part in resource.after.tag_specifications
		part.resource_type == kind
		not part.tags[key] in {"", null}
	}
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
	not waits_for_case(i, name)
	text := sprintf("%s is written %s in the dictionary", [json.marshal(key), spelled(resource, name)])
	finding := made(resource, "key-case", name, case_severity(i, name), text)
}

case_severity(i, name) := "error" if {
	demanded_in(applies, i, name)
} else := "warning"

# It may be an error yet: said as undecided.
waits_for_case(i, name) if {
	demanded_in(may_apply, i, name)
	not demanded_in(applies, i, name)
}

demanded_in(pairs, i, name) if {
	some [k, j] in pairs
	k == i
	name in book.requirements[j].require
	severity(book.requirements[j]) == "error"
}

breaches[place] contains [rank[level], j, level, text] if {
	some [i, j] in applies
	resource := resources[i]
	requirement := book.requirements[j]
	level := severity(requirement)
	some match in requirement.matches
	mismatched(resource, match)
	text := sprintf("%s does not belong to %s (%s)", [
		spelled(resource, match.key), spelled(resource, match.of), requirement.id,
	])
	place := [i, "mismatched-tags", match.key]
}

mismatched(resource, match) if {
	written := value(resource, match.key)
	of := value(resource, match.of)
	row := match.rows[of]
	not written in row
	not unacceptable(match.key, written)
}

unacceptable(name, written) if fault(name, written) != "deprecated-value"

breaches[place] contains [rank[level], j, level, text] if {
	some [i, j] in applies
	resource := resources[i]
	requirement := book.requirements[j]
	level := severity(requirement)
	some group in requirement.exclusive
	present := [name | some name in group; is_string(value(resource, name))]
	count(present) > 1
	text := sprintf("%s exclude each other (%s)", [concat(" and ", present), requirement.id])
	place := [i, "mismatched-tags", group[0]]
}

# What cannot be told before apply: one warning a resource and key.
findings contains finding if {
	some [i, name] in waits
	resource := resources[i]
	text := sprintf("%s cannot be judged before apply", [spelled(resource, name)])
	finding := made(resource, "undecided", name, "warning", text)
}

waits contains [i, name] if {
	some [i, j] in applies | may_apply
	some name in book.requirements[j].require
	not value(resources[i], name)
	not supplied(resources[i], name)
	undecided(i, j, name)
}

waits contains [i, name] if {
	some i, resource in resources
	some name, key in book.keys
	resource.waiting[spelled(resource, name)]
	constrained(key)
}

waits contains [i, match.key] if {
	some [i, j] in applies | may_apply
	some match in book.requirements[j].matches
	may_mismatch(i, j, match)
}

waits contains [i, group[0]] if {
	some [i, j] in applies | may_apply
	some group in book.requirements[j].exclusive
	present := [name | some name in group; value(resources[i], name)]
	open := [name | some name in group; not value(resources[i], name); unknown(resources[i], name)]
	count(present) + count(open) > 1
	not together(i, j, present)
}

together(i, j, present) if {
	count(present) > 1
	[i, j] in applies
}

constrained(key) if key.values

constrained(key) if count(key.shapes) > 0

may_mismatch(i, j, match) if {
	[i, j] in may_apply
	mismatched(resources[i], match)
}

may_mismatch(i, _, match) if {
	written := value(resources[i], match.key)
	not unacceptable(match.key, written)
	not value(resources[i], match.of)
	unknown(resources[i], match.of)
	some row in match.rows
	not written in row
}

may_mismatch(i, _, match) if {
	not value(resources[i], match.key)
	unknown(resources[i], match.key)
	some row in rows_for(resources[i], match)
	not covers(row, match.key)
}

rows_for(resource, match) := {match.rows[of]} if of := value(resource, match.of)

rows_for(resource, match) := {row | some row in match.rows} if {
	not value(resource, match.of)
	unknown(resource, match.of)
}

# Whatever approved value it gets, it is in the row.
covers(row, name) if {
	approved_values := object.keys(book.keys[name].values)
	count(approved_values - {each | some each in row}) == 0
}

undecided(i, _, name) if unknown(resources[i], name)

undecided(i, j, name) if {
	[i, j] in may_apply
	not misspelt_instead(resources[i], name)
}

undecided(i, j, name) if {
	[i, j] in may_apply
	waits_for_case(i, name)
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
