/* Tags in the words of each tool. Every text is quoted for the language it is written in. */
(function () {
  "use strict";

  /** Quoted as JSON, which all of these languages read; what does not print is written as its code, never as itself. */
  function json(text) {
    return JSON.stringify(text).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, function (char) {
      return char.length > 1 ? char : "\\u" + char.charCodeAt(0).toString(16).padStart(4, "0");
    });
  }

  function hcl(text) {
    return json(text).replace(/[$%]\{/g, function (start) { return start[0] + start; });
  }

  /** A key of an object: an identifier as it is. After `for` an expression would follow. */
  function hclKey(text) { return /^[A-Za-z_][A-Za-z0-9_-]*$/.test(text) && text !== "for" ? text : hcl(text); }

  function wide(text) { return Array.from(text).length; }

  /** `name = value` lines with their signs one below the other, as `terraform fmt` has them. */
  function aligned(pairs, key, value, indent) {
    var most = Math.max.apply(null, pairs.map(function (pair) { return wide(key(pair.name)); }).concat(0));
    return pairs.map(function (pair) {
      var name = key(pair.name);
      return indent + name + " ".repeat(most - wide(name)) + " = " + value(pair.value);
    });
  }

  function hclMap(name, pairs, indent, sign) {
    return [indent + name + (sign === undefined ? " = " : sign) + "{"]
      .concat(aligned(pairs, hclKey, hcl, indent + "  "), indent + "}");
  }

  /** Labels, and what is no label value as annotations. */
  function hclMetadata(pairs, indent) {
    var labels = pairs.filter(function (pair) { return !pair.annotation; });
    var notes = pairs.filter(function (pair) { return pair.annotation; });
    return [indent + "metadata {"].concat(
      labels.length ? hclMap("labels", labels, indent + "  ") : [],
      notes.length ? hclMap("annotations", notes, indent + "  ") : [], indent + "}");
  }

  function podLabels(kind, pairs) {
    if (!Object.prototype.hasOwnProperty.call(TEMPLATES, kind)) return [];
    var path = (TEMPLATES[kind] ? ["spec", "job_template"] : []).concat("spec", "template");
    return [""].concat(
      path.map(function (part, depth) { return "  ".repeat(depth + 1) + part + " {"; }),
      hclMetadata(pairs, "  ".repeat(path.length + 1)),
      path.map(function (part, depth) { return "  ".repeat(path.length - depth) + "}"; }));
  }

  /* Where tags of their own are needed for what the resource is made of (the rule `unreached`). */
  var FURTHER = {
    aws_instance: function (pairs) { return [""].concat(hclMap("volume_tags", pairs, "  ")); },
    aws_launch_template: function (pairs) {
      return ["instance", "volume"].reduce(function (lines, kind) {
        return lines.concat("", "  tag_specifications {", "    resource_type = " + hcl(kind),
          hclMap("tags", pairs, "    "), "  }");
      }, []);
    },
    aws_ecs_service: function () { return ["", "  propagate_tags = \"SERVICE\""]; },
    aws_batch_job_definition: function () { return ["", "  propagate_tags = true"]; }
  };

  function terraform(type, pairs) {
    var name = type[1];
    var attribute = type[7][0];
    var shape = type[7][1];
    var lines = ["resource " + hcl(name) + " \"example\" {", "  # ..."];
    if (shape === "tag_block") {
      pairs.forEach(function (pair) {
        lines.push("", "  tag {", "    key                 = " + hcl(pair.name),
          "    value               = " + hcl(pair.value), "    propagate_at_launch = true", "  }");
      });
    } else if (attribute === "metadata.labels") {
      lines = lines.concat("", hclMetadata(pairs, "  "), podLabels(type[4], pairs));
    } else {
      var path = attribute.split(".");
      var last = path.pop();
      var open = path.map(function (part, depth) {
        return "  ".repeat(depth + 1) + part + (path[0] === "manifest" ? " = {" : " {");
      });
      var close = path.map(function (part, depth) { return "  ".repeat(path.length - depth) + "}"; });
      lines = lines.concat("", open, hclMap(last, pairs, "  ".repeat(path.length + 1)), close);
    }
    var further = Object.prototype.hasOwnProperty.call(FURTHER, name) ? FURTHER[name](pairs) : [];
    return lines.concat(further, "}").join("\n") + "\n";
  }

  function defaults(type, pairs) {
    if (type[0] === "gcp") {
      return ["provider \"google\" {", "  # ..."].concat("", hclMap("default_labels", pairs, "  "), "}").join("\n") + "\n";
    }
    return ["provider \"aws\" {", "  # ...", "", "  default_tags {"]
      .concat(hclMap("tags", pairs, "    "), "  }", "}").join("\n") + "\n";
  }

  function yamlKey(text) {
    var plain = /^[A-Za-z_][A-Za-z0-9_./-]*$/.test(text) && !/^(?:y|n|yes|no|on|off|true|false|null)$/i.test(text);
    return plain ? text : json(text);
  }

  function yamlMap(pairs, indent) {
    return pairs.map(function (pair) { return indent + yamlKey(pair.name) + ": " + json(pair.value); });
  }

  function cfnList(pairs, indent, propagate) {
    return pairs.reduce(function (lines, pair) {
      lines.push(indent + "- Key: " + json(pair.name), indent + "  Value: " + json(pair.value));
      if (propagate) lines.push(indent + "  PropagateAtLaunch: true");
      return lines;
    }, []);
  }

  function cloudformation(type, pairs) {
    var lines = ["Resources:", "  Example:", "    Type: " + type[2], "    Properties:", "      # ..."];
    var property = type[8][0];
    var shape = type[8][1];
    if (shape === "map") lines = lines.concat("      " + property + ":", yamlMap(pairs, "        "));
    else if (shape === "tag_specifications") lines = lines.concat(specifications(type[2], property, pairs));
    else {
      var group = type[2] === "AWS::AutoScaling::AutoScalingGroup";
      lines = lines.concat("      " + property + ":", cfnList(pairs, "        ", group));
    }
    return lines.join("\n") + "\n";
  }

  function specifications(name, property, pairs) {
    function entry(kind, indent) {
      return [indent + "- ResourceType: " + kind, indent + "  Tags:"].concat(cfnList(pairs, indent + "    "));
    }
    var own = name.split("::")[2].replace(/([a-z0-9])([A-Z])/g, "$1-$2").toLowerCase();
    var said = { "spot-fleet": "spot-fleet-request", "ec2-fleet": "fleet" }[own] || own;
    var lines = ["      " + property + ":"].concat(entry(said, "        "));
    if (own !== "launch-template") return lines;
    return lines.concat("      LaunchTemplateData:", "        # ...", "        TagSpecifications:",
      entry("instance", "          "), entry("volume", "          "));
  }

  function token(type) {
    var parts = /^([^:]+):([^/:]+)(?:\/[^:]*)?:(.+)$/.exec(type[3]);
    return { package: parts[1], module: parts[2], name: parts[3] };
  }

  /** A name in an object literal; `__proto__` would be its prototype but for the brackets. */
  function member(name) {
    if (name === "__proto__") return "[" + json(name) + "]";
    return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : json(name);
  }

  function typescript(type, pairs) {
    var at = token(type);
    var module = at.module === "index" ? "" : at.module + ".";
    var lines = ["new " + at.package + "." + module + at.name + "(\"example\", {", "  // ..."];
    if (type[9][1] === "list") {
      lines.push("  " + type[9][0] + ": [");
      pairs.forEach(function (pair) {
        lines.push("    { key: " + json(pair.name) + ", value: " + json(pair.value) + ", propagateAtLaunch: true },");
      });
      lines.push("  ],");
    } else {
      lines.push("  " + type[9][0] + ": {");
      pairs.forEach(function (pair) {
        lines.push("    " + member(pair.name) + ": " + json(pair.value) + ",");
      });
      lines.push("  },");
    }
    return lines.concat("});").join("\n") + "\n";
  }

  /** A Python string: JSON's escapes are Python's but for characters beyond the basic plane, which stay as they are. */
  function python(type, pairs) {
    var at = token(type);
    var module = at.module === "index" ? "" : (at.module === "lambda" ? "lambda_" : at.module) + ".";
    var property = type[9][0].replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();
    var lines = ["pulumi_" + at.package + "." + module + at.name + "(", "    \"example\",", "    # ..."];
    if (type[9][1] === "list") {
      lines.push("    " + property + "=[");
      pairs.forEach(function (pair) {
        lines.push("        {\"key\": " + json(pair.name) + ", \"value\": " + json(pair.value) +
          ", \"propagate_at_launch\": True},");
      });
      lines.push("    ],");
    } else {
      lines.push("    " + property + "={");
      pairs.forEach(function (pair) { lines.push("        " + json(pair.name) + ": " + json(pair.value) + ","); });
      lines.push("    },");
    }
    return lines.concat(")").join("\n") + "\n";
  }

  /* Kinds that make pods, and Terraform's nesting of their template: what is billed are the pods. */
  var TEMPLATES = { Deployment: 0, StatefulSet: 0, DaemonSet: 0, ReplicaSet: 0, ReplicationController: 0, Job: 0, CronJob: 1 };

  function replicas(field, names) {
    return names.map(function (name) { return ["spec", field, name, "template"]; });
  }

  function ray(path) {
    return [path.concat("headGroupSpec", "template"), path.concat("workerGroupSpecs", "[]", "template")];
  }

  /* Where each kind has the metadata of what it makes, from the reference of its API; "[]" is each item of a list. */
  var MADE = {
    CronJob: [["spec", "jobTemplate", "spec", "template"]],
    "serving.knative.dev/Service": [["spec", "template"]],
    NodePool: [["spec", "template"]],
    JobSet: [["spec", "replicatedJobs", "[]", "template", "spec", "template"]],
    LeaderWorkerSet: [["spec", "leaderWorkerTemplate", "leaderTemplate"], ["spec", "leaderWorkerTemplate", "workerTemplate"]],
    Workload: [["spec", "podSets", "[]", "template"]],
    PyTorchJob: replicas("pytorchReplicaSpecs", ["Master", "Worker"]),
    TFJob: replicas("tfReplicaSpecs", ["Chief", "Worker"]),
    MPIJob: replicas("mpiReplicaSpecs", ["Launcher", "Worker"]),
    RayCluster: ray(["spec"]),
    RayJob: ray(["spec", "rayClusterSpec"]),
    RayService: ray(["spec", "rayClusterConfig"])
  };

  function madeBy(kind) {
    if (Object.prototype.hasOwnProperty.call(MADE, kind)) return MADE[kind];
    return Object.prototype.hasOwnProperty.call(TEMPLATES, kind) ? [["spec", "template"]] : [];
  }

  function put(tree, path, lines) {
    path.slice(0, -1).reduce(function (at, step) {
      if (!at.has(step)) at.set(step, new Map());
      return at.get(step);
    }, tree).set(path[path.length - 1], lines);
  }

  function yamlTree(tree, indent) {
    var lines = [];
    tree.forEach(function (child, step) {
      var inner = Array.isArray(child) ? child.map(function (line) { return indent + "  " + line; }) : yamlTree(child, indent + "  ");
      if (step === "[]") inner[0] = indent + "- " + inner[0].slice(indent.length + 2);
      else lines.push(indent + step + ":");
      lines = lines.concat(inner);
    });
    return lines;
  }

  function kubernetes(type, pairs) {
    var tree = new Map();
    var labels = yamlMap(pairs.filter(function (pair) { return !pair.annotation; }), "");
    var notes = yamlMap(pairs.filter(function (pair) { return pair.annotation; }), "");
    [[]].concat(madeBy(type[4])).forEach(function (path) {
      if (labels.length) put(tree, path.concat("metadata", "labels"), labels);
      if (notes.length) put(tree, path.concat("metadata", "annotations"), notes);
    });
    // The tags of Karpenter's machines are AWS's, not labels.
    if (type[4] === "EC2NodeClass") put(tree, ["spec", "tags"], yamlMap(encoded(pairs.map(function (pair) {
      return { key: pair.key, value: pair.plain };
    }), tagwright.tableOf().clouds.aws), ""));
    return ["kind: " + type[4].split("/").pop()].concat(yamlTree(tree, "")).join("\n") + "\n";
  }

  var LANGUAGES = [
    ["terraform", "Terraform", function (type) { return type[1] && type[7]; }, terraform, 1],
    ["provider", "Terraform default tags", function (type) { return type[1] && type[7] && type[7][2]; }, defaults, 1],
    ["cloudformation", "CloudFormation", function (type) { return type[2] && type[8]; }, cloudformation, 2],
    ["typescript", "Pulumi TypeScript", function (type) { return type[3] && type[9]; }, typescript, 3],
    ["python", "Pulumi Python", function (type) { return type[3] && type[9]; }, python, 3],
    ["kubernetes", "Kubernetes", function (type) { return type[4]; }, kubernetes, 4]
  ];

  /** The languages a type can be written in: {id, name, types: its names there, write(pairs)}. */
  function languages(type) {
    var fitting = LANGUAGES.filter(function (each) { return each[2](type); });
    if (type[4]) fitting.reverse();
    return fitting.map(function (each) {
      var names = [type[each[4]]].concat(each[4] === 3 && type[10] || []);
      return { id: each[0], name: each[1], types: names, write: function (pairs) { return each[3](type, pairs); } };
    });
  }

  /** Dictionary keys and values as a cloud writes them. */
  function encoded(pairs, cloud) {
    return pairs.map(function (pair) {
      var annotation = cloud.annotations.indexOf(pair.key) >= 0;
      var value = pair.value;
      if (cloud.labels && !annotation && !pair.open) value = tagwright.rules.toLabel(value);
      var spelled = cloud.keys[pair.key] || pair.key;
      return { key: pair.key, name: spelled, value: value, annotation: annotation, open: pair.open, plain: pair.value };
    });
  }

  tagwright.snippets = { languages: languages, encoded: encoded };
})();
