"""melange query: a template over a recipe.

SPDX-License-Identifier: Apache-2.0
"""
import re

import pytest

RECIPE = """\
package:
  name: foo
  version: 1.2.3
  epoch: 4
  url: https://example.org/${{package.name}}
  copyright:
    - license: MIT
      attestation: Copyright me
    - license: ISC
  dependencies:
    runtime: [b, a]
  options: {no-provides: true}
  cpe: {vendor: v, product: p}
  timeout: 1h30m
pipeline:
  - uses: fetch
    with: {uri: "https://example.org/foo-${{package.version}}.tar.gz"}
    working-directory: sub
subpackages:
  - range: parts
    name: foo-${{range.key}}
    description: ${{range.value}}
data:
  - name: parts
    items: {doc: papers, dev: headers}
vars: {short: "1.2"}
update:
  enabled: true
  github: {identifier: a/b, use-tag: true, strip-prefix: v}
"""


@pytest.fixture
def query(melange, tmp_path):
    (tmp_path / "foo.yaml").write_text(RECIPE)
    return lambda template, config="foo.yaml": melange("query", config, template)


@pytest.mark.parametrize("template, wanted", [
    ("{{.Package.Name}}-{{.Package.Version}}-{{.Package.Epoch}} {{.Package.FullVersion}} {{len .Pipeline}}", "foo-1.2.3-4 1.2.3-r4 1"),
    ('{{range .Subpackages}}{{.Name}}: {{.Description}}{{"\\n"}}{{end}}', "foo-dev: headers\nfoo-doc: papers\n"),
    ("{{.Name}} {{.Package.LicenseExpression}} {{.Package.FullCopyright}}", "foo MIT AND ISC Copyright me\n"),
    ("{{.Package.CPEString}} {{.Package.CPE.IsZero}}", "cpe:2.3:a:v:p:1.2.3" + 7 * ":*" + " false"),
    ("{{.Package.Dependencies.Runtime}} {{.Vars}} {{.Vars.short}} {{.Package.URL}}", "[b a] map[short:1.2] 1.2 https://example.org/foo"),
    ("{{range .Pipeline}}{{.Uses}} {{.With.uri}} {{.WorkDir}}{{end}}", "fetch https://example.org/foo-1.2.3.tar.gz sub"),
    ("{{.Package.Copyright}} {{.Package.Timeout}} {{.Package.Options}}", "[{[] Copyright me MIT  } {[]  ISC  }] 1h30m0s {true false false false}"),
    ("{{with .Update.GitHubMonitor}}{{.Identifier}} {{.UseTags}} {{.GetStripPrefix}}{{end}}", "a/b true v"),
    ("{{.Environment.Environment.HOME}} {{(index .Environment.Accounts.Users 0).UserName}}", "/home/build build"),
    ("{{.Test}} {{.Package.Commit}}|{{.Vars.nope}}", "<nil> |<no value>"),
    ('{{"a\\x00b"}}', "a\0b"),
])
def test_prints(query, template, wanted):
    assert query(template) == (0, wanted, "")


@pytest.mark.parametrize("template, out, wanted", [
    ("{{", "", "invalid template: template: query:1: unclosed action"),
    ("foo {{.Package.Nope}}", "foo ",
     'error executing template: template: query:1:14: executing "query" at <.Package.Nope>: can\'t evaluate field Nope in type config.Package'),
    ("{{.Nope}}", "",
     'error executing template: template: query:1:2: executing "query" at <.Nope>: can\'t evaluate field Nope in type *config.Configuration'),
    ("{{.Test.Pipeline}}", "",
     'error executing template: template: query:1:7: executing "query" at <.Test.Pipeline>: nil pointer evaluating *config.Test.Pipeline'),
])
def test_tells_errors(query, template, out, wanted):
    status, printed, err = query(template)
    assert (status, printed) == (1, out)
    assert re.sub(r"^ERRO ", "", err) == wanted + "\n"


def test_arguments(query, melange):
    assert melange("query", "foo.yaml") == (1, "", "ERROR requires at least 2 arg(s), only received 1\n")
    assert "open nope.yaml: no such file or directory" in query("x", "nope.yaml")[2]
