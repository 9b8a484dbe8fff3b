"""Go: types are those of the function itself, by reflection."""

from __future__ import annotations

from collections.abc import Sequence

from assay.judge.checks import TOKEN

_DRIVER = """
package main

import (
	bufio_ "bufio"
	fmt_ "fmt"
	io_ "io"
	os_ "os"
	reflect_ "reflect"
	sort_ "sort"
)

type calls_@ struct {
	text []byte
	at   int
	out  *bufio_.Writer
}

func (c *calls_@) head() (byte, int) {
	for c.text[c.at] == ' ' || c.text[c.at] == '\\n' {
		c.at++
	}
	kind, sign, size := c.text[c.at], 1, 0
	c.at++
	if c.text[c.at] == '-' {
		sign = -1
		c.at++
	}
	for c.at < len(c.text) && c.text[c.at] >= '0' && c.text[c.at] <= '9' {
		size = 10*size + int(c.text[c.at]-'0')
		c.at++
	}
	return kind, sign * size
}

func (c *calls_@) read(of reflect_.Type) reflect_.Value {
	kind, size := c.head()
	value := reflect_.New(of).Elem()
	switch kind {
	case 'i':
		value.Set(reflect_.ValueOf(size).Convert(of))
	case 'b':
		value.SetBool(size == 1)
	case 's':
		c.at += size + 1
		value.SetString(string(c.text[c.at-size : c.at]))
	case 'l':
		value.Set(reflect_.MakeSlice(of, 0, size))
		for i := 0; i < size; i++ {
			value.Set(reflect_.Append(value, c.read(of.Elem())))
		}
	case 'd':
		if of.Kind() == reflect_.Map {
			value.Set(reflect_.MakeMap(of))
			for i := 0; i < size; i++ {
				key := c.read(of.Key())
				value.SetMapIndex(key, c.read(of.Elem()))
			}
			return value
		}
		value.Set(reflect_.New(of.Elem()))
		set := value.MethodByName("Set")
		for i := 0; i < size; i++ {
			key := c.read(set.Type().In(0))
			set.Call([]reflect_.Value{key, c.read(set.Type().In(1))})
		}
	}
	return value
}

func (c *calls_@) show(value reflect_.Value) {
	switch value.Kind() {
	case reflect_.String:
		c.out.WriteByte('"')
		for _, b := range []byte(value.String()) {
			if b == '"' || b == '\\\\' {
				c.out.WriteByte('\\\\')
			}
			if b < 32 || b > 126 {
				fmt_.Fprintf(c.out, "\\\\u%04x", b)
			} else {
				c.out.WriteByte(b)
			}
		}
		c.out.WriteByte('"')
	case reflect_.Slice:
		c.out.WriteByte('[')
		for i := 0; i < value.Len(); i++ {
			if i > 0 {
				c.out.WriteByte(',')
			}
			c.show(value.Index(i))
		}
		c.out.WriteByte(']')
	case reflect_.Map:
		c.entries(value.MapKeys(), value.MapIndex)
	case reflect_.Ptr:
		keys := value.MethodByName("Keys").Call(nil)[0]
		list := []reflect_.Value{}
		for i := 0; i < keys.Len(); i++ {
			list = append(list, keys.Index(i))
		}
		c.entries(list, func(key reflect_.Value) reflect_.Value {
			return value.MethodByName("At").Call([]reflect_.Value{key})[0]
		})
	default:
		fmt_.Fprint(c.out, value.Interface())
	}
}

func (c *calls_@) entries(keys []reflect_.Value, at func(reflect_.Value) reflect_.Value) {
	sort_.Slice(keys, func(i, j int) bool {
		if keys[i].Kind() == reflect_.String {
			return keys[i].String() < keys[j].String()
		}
		return keys[i].Int() < keys[j].Int()
	})
	c.out.WriteByte('{')
	for i, key := range keys {
		if i > 0 {
			c.out.WriteByte(',')
		}
		c.show(key)
		c.out.WriteByte(':')
		c.show(at(key))
	}
	c.out.WriteByte('}')
}

func (c *calls_@) make(function any) {
	called := reflect_.ValueOf(function)
	_, left := c.head()
	for ; left > 0; left-- {
		given := []reflect_.Value{}
		for i := 0; i < called.Type().NumIn(); i++ {
			given = append(given, c.read(called.Type().In(i)))
		}
		c.show(called.Call(given)[0])
		c.out.WriteByte('\\n')
	}
}

func main() {
	text, _ := io_.ReadAll(os_.Stdin)
	c := &calls_@{text: text, out: bufio_.NewWriter(os_.Stdout)}
$made	c.out.Flush()
}
""".replace("@", TOKEN)


def driver(names: Sequence[str]) -> str:
    """A file that reads and makes the calls of one function after the other."""
    return _DRIVER.replace("$made", "".join(f"\tc.make({name})\n" for name in names))
