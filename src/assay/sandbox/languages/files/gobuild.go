// The Go builder of Assay: what `go build` and `go test -c` do for the files of one program, by the same compiler, vet
// and linker, but without looking at the state of the standard library each time, which costs more than the rest.
//
// `gobuild FILE...` leaves `prog`. With a file *_test.go among them it is the test program, checked by vet before, and
// runs as `go test` runs it. Beside this program lie "importcfg", which names the compiled standard library, and
// "tooldir", which says where the compiler is.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"text/template"
	"unicode"
	"unicode/utf8"
)

const importPath = "command-line-arguments"

// The checks that `go test` asks vet for.
var vetFlags = []string{
	"-atomic", "-bool", "-buildtags", "-errorsas", "-ifaceassert", "-nilfunc", "-printf", "-stringintconv",
}

var (
	tools    string
	packages = map[string]string{} // import path -> file
)

func main() {
	own, err := os.Executable()
	check(err)
	read(filepath.Dir(own))
	var plain, inside, outside []string // of the package, its tests, and tests in a package of their own
	for _, file := range os.Args[1:] {
		switch {
		case !strings.HasSuffix(file, "_test.go"):
			plain = append(plain, file)
		case strings.HasSuffix(packageOf(file), "_test"):
			outside = append(outside, file)
		default:
			inside = append(inside, file)
		}
	}
	if inside == nil && outside == nil {
		compile("main", plain)
		link("main")
		return
	}
	main := testMain{}
	if files := append(plain, inside...); files != nil {
		compile(importPath, files)
		vet(importPath, files)
		main.Inside = main.find(inside)
	}
	if outside != nil {
		compile(importPath+"_test", outside)
		vet(importPath+"_test", outside)
		main.Outside = main.find(outside)
	}
	main.HasInside, main.HasOutside = plain != nil || inside != nil, outside != nil
	var text bytes.Buffer
	check(testMainTemplate.Execute(&text, main))
	check(os.WriteFile("_testmain.go", text.Bytes(), 0o644))
	compile("main", []string{"_testmain.go"})
	link("main")
}

// read finds the standard library and the compiler.
func read(folder string) {
	text, err := os.ReadFile(filepath.Join(folder, "importcfg"))
	check(err)
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		name, file, _ := strings.Cut(line, "=")
		if !filepath.IsAbs(file) {
			file = filepath.Join(folder, file)
		}
		packages[name] = file
	}
	text, err = os.ReadFile(filepath.Join(folder, "tooldir"))
	check(err)
	tools = strings.TrimSpace(string(text))
}

func compile(path string, files []string) {
	object := strings.ReplaceAll(path, "/", "_") + ".o"
	cwd, err := os.Getwd()
	check(err)
	config := importConfig()
	flags := []string{"-p", path, "-complete", "-c=1", "-trimpath", cwd + "=>.", "-importcfg", config, "-pack", "-o", object}
	run("compile", append(flags, files...)...)
	packages[path] = object
}

func link(path string) {
	run("link", "-importcfg", importConfig(), "-s", "-w", "-buildmode=exe", "-o", "prog", packages[path])
}

func importConfig() string {
	var text bytes.Buffer
	for name, file := range packages {
		fmt.Fprintf(&text, "packagefile %s=%s\n", name, file)
	}
	check(os.WriteFile("importcfg", text.Bytes(), 0o644))
	return "importcfg"
}

func vet(path string, files []string) {
	names := map[string]string{}
	for name := range packages {
		names[name] = name
	}
	config, err := json.Marshal(map[string]any{
		"ID": path, "Compiler": "gc", "ImportPath": path, "GoFiles": files, "ImportMap": names, "PackageFile": packages,
		"VetxOutput":                "vet.out",
		"SucceedOnTypecheckFailure": true, // the compiler has said what there is to say
	})
	check(err)
	check(os.WriteFile("vet.cfg", config, 0o644))
	run("vet", append(vetFlags, "vet.cfg")...)
}

// run starts a tool and passes on what it says. It does not return when the tool fails.
func run(tool string, arguments ...string) {
	command := exec.Command(filepath.Join(tools, tool), arguments...)
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	if err := command.Run(); err != nil {
		if _, ended := err.(*exec.ExitError); !ended {
			fmt.Fprintln(os.Stderr, err)
		}
		os.Exit(1)
	}
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func packageOf(file string) string {
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.PackageClauseOnly)
	check(err)
	return parsed.Name.Name
}

// What cmd/go writes into its own _testmain.go.
type testMain struct {
	HasInside, HasOutside bool
	Inside, Outside       functions
	Main                  string
}

type functions struct {
	Tests, Benchmarks, Fuzzers []string
	Examples                   []*doc.Example
}

// Alias is the name under which a package is imported: the blank one if nothing of it is named.
func (found functions) Alias(name, main string) string {
	if main != name && len(found.Tests)+len(found.Benchmarks)+len(found.Fuzzers)+len(found.Examples) == 0 {
		return "_"
	}
	return name
}

func (main *testMain) find(files []string) functions {
	var found functions
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
		check(err)
		for _, declaration := range parsed.Decls {
			function, ok := declaration.(*ast.FuncDecl)
			if !ok || function.Recv != nil {
				continue
			}
			switch name := function.Name.Name; {
			case name == "TestMain" && takes(function, "M"):
				main.Main = "_test"
				if strings.HasSuffix(parsed.Name.Name, "_test") {
					main.Main = "_xtest"
				}
			case isTest(function, "Test", "T"):
				found.Tests = append(found.Tests, name)
			case isTest(function, "Benchmark", "B"):
				found.Benchmarks = append(found.Benchmarks, name)
			case isTest(function, "Fuzz", "F"):
				found.Fuzzers = append(found.Fuzzers, name)
			}
		}
		for _, example := range doc.Examples(parsed) {
			if example.Output != "" || example.EmptyOutput {
				found.Examples = append(found.Examples, example)
			}
		}
	}
	return found
}

func isTest(function *ast.FuncDecl, prefix, parameter string) bool {
	name := function.Name.Name
	if !strings.HasPrefix(name, prefix) {
		return false
	}
	if next, _ := utf8.DecodeRuneInString(name[len(prefix):]); len(name) > len(prefix) && unicode.IsLower(next) {
		return false
	}
	if !takes(function, parameter) {
		check(fmt.Errorf("wrong signature for %s, must be: func %[1]s(%s *testing.%s)",
			name, strings.ToLower(parameter), parameter))
	}
	return true
}

// takes says whether the only parameter is a pointer to a type of this name, and nothing is returned.
func takes(function *ast.FuncDecl, parameter string) bool {
	kind := function.Type
	if kind.Results != nil && len(kind.Results.List) > 0 || len(kind.Params.List) != 1 || len(kind.Params.List[0].Names) > 1 {
		return false
	}
	pointer, ok := kind.Params.List[0].Type.(*ast.StarExpr)
	if !ok {
		return false
	}
	switch of := pointer.X.(type) {
	case *ast.Ident:
		return of.Name == parameter
	case *ast.SelectorExpr:
		return of.Sel.Name == parameter
	}
	return false
}

var testMainTemplate = template.Must(template.New("").Parse(`package main

import (
	"os"
	"reflect"
	"testing"
	"testing/internal/testdeps"
{{if .HasInside}}	{{.Inside.Alias "_test" .Main}} "command-line-arguments"
{{end}}{{if .HasOutside}}	{{.Outside.Alias "_xtest" .Main}} "command-line-arguments_test"
{{end}})

var tests = []testing.InternalTest{
{{range .Inside.Tests}}	{"{{.}}", _test.{{.}}},
{{end}}{{range .Outside.Tests}}	{"{{.}}", _xtest.{{.}}},
{{end}}}

var benchmarks = []testing.InternalBenchmark{
{{range .Inside.Benchmarks}}	{"{{.}}", _test.{{.}}},
{{end}}{{range .Outside.Benchmarks}}	{"{{.}}", _xtest.{{.}}},
{{end}}}

var fuzzers = []testing.InternalFuzzTarget{
{{range .Inside.Fuzzers}}	{"{{.}}", _test.{{.}}},
{{end}}{{range .Outside.Fuzzers}}	{"{{.}}", _xtest.{{.}}},
{{end}}}

var examples = []testing.InternalExample{
{{range .Inside.Examples}}	{"Example{{.Name}}", _test.Example{{.Name}}, {{printf "%q" .Output}}, {{.Unordered}}},
{{end}}{{range .Outside.Examples}}	{"Example{{.Name}}", _xtest.Example{{.Name}}, {{printf "%q" .Output}}, {{.Unordered}}},
{{end}}}

func main() {
	testdeps.ImportPath = "command-line-arguments"
	os.Args = append([]string{os.Args[0], "-test.paniconexit0", "-test.timeout=10m0s"}, os.Args[1:]...)
	m := testing.MainStart(testdeps.TestDeps{}, tests, benchmarks, fuzzers, examples)
{{if .Main}}	{{.Main}}.TestMain(m)
	os.Exit(int(reflect.ValueOf(m).Elem().FieldByName("exitCode").Int()))
{{else}}	_ = reflect.ValueOf
	os.Exit(m.Run())
{{end}}}
`))
