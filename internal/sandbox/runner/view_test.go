package runner

import (
	"maps"
	"slices"
	"testing"
)

// whole is what a program sees behind a boundary in which all is in force.
func whole() *View {
	return &View{
		Status: map[string]string{
			"Uid": "65534 65534 65534 65534", "Gid": "65534 65534 65534 65534", "NoNewPrivs": "1", "Seccomp": "2",
			"CapInh": "0000000000000000", "CapPrm": "0000000000000000", "CapEff": "0000000000000000", "CapBnd": "0000000000000000", "CapAmb": "0000000000000000",
		},
		Interfaces: []string{"lo", "tunl0", "sit0"},
		Mounts: []Mount{
			{"/", []string{"ro", "nosuid"}}, {"/work", []string{"rw", "size=1024k"}}, {"/tmp", []string{"rw", "size=1024k"}},
		},
		Namespaces: []string{"pid:[1]", "mnt:[2]", "ipc:[3]", "uts:[4]", "net:[5]", "cgroup:[6]", "user:[7]"},
	}
}

// Whatever is not in force means no run.
func TestWhatIsMissingIsRefused(t *testing.T) {
	host := []string{"pid:[11]", "mnt:[12]", "ipc:[13]", "uts:[14]", "net:[15]", "cgroup:[16]", "user:[7]"}
	check := func(v *View) error {
		return Verify(append(v.Protections(), v.apart(host, Separate()), v.Disk(1<<20)))
	}
	if err := check(whole()); err != nil {
		t.Error(err)
	}
	status := func(key, value string) func(*View) { return func(v *View) { v.Status[key] = value } }
	for name, change := range map[string]func(*View){
		"root": status("Uid", "0 0 0 0"), "root to go back to": status("Uid", "65534 65534 0 65534"), "another group": status("Gid", "65534 0 65534 65534"),
		"an unknown user": func(v *View) { delete(v.Status, "Uid") },
		"a capability":    status("CapEff", "0000000000000001"), "a capability to gain": status("CapBnd", "0000000000200000"),
		"new privileges": status("NoNewPrivs", "0"), "no filter": status("Seccomp", "0"), "an unknown filter": func(v *View) { delete(v.Status, "Seccomp") },
		"a network": func(v *View) { v.Interfaces = append(v.Interfaces, "eth0") }, "no view of the network": func(v *View) { v.Interfaces = nil },
		"a writable root": func(v *View) { v.Mounts[0].Options[0] = "rw" }, "no view of the mounts": func(v *View) { v.Mounts = nil },
		"a large folder": func(v *View) { v.Mounts[1].Options[1] = "size=2048k" }, "a folder without bound": func(v *View) { v.Mounts[2].Options = v.Mounts[2].Options[:1] },
		"shared processes": func(v *View) { v.Namespaces[0] = host[0] }, "a shared network": func(v *View) { v.Namespaces[4] = host[4] },
		"unknown namespaces": func(v *View) { v.Namespaces = []string{""} },
	} {
		v := whole()
		change(v)
		if check(v) == nil {
			t.Errorf("%s: it was let through", name)
		}
	}
	if v := whole(); v.apart(host, []string{"user"}).Seen != "" {
		t.Error("the server's own namespace of users passes for another")
	}
}

// What a program tells of its place is read as the kernel writes it.
func TestParseView(t *testing.T) {
	v, err := parseView("Name:\tx\nUid:\t1\t1\t1\t1\n\x00Inter-|\n face |\n    lo: 1 2\n\x00" +
		"21 1 0:5 / /tmp rw,nosuid shared:3 - tmpfs tmpfs rw,size=64k\n\x00         0       1000          1\n\x00\x00pid:[1]\nmnt:[2]\n")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"Name": "x", "Uid": "1 1 1 1"}
	if !maps.Equal(v.Status, want) || !slices.Equal(v.Interfaces, []string{"lo"}) || v.UIDMap != "0 1000 1" || !slices.Equal(v.Namespaces, []string{"pid:[1]", "mnt:[2]"}) {
		t.Errorf("%+v", v)
	}
	if m := v.mount("/tmp"); m.Size() != 64<<10 || m.ReadOnly() || !m.Has("nosuid") {
		t.Errorf("%+v", m)
	}
	if _, err := parseView("a\x00b"); err == nil {
		t.Error("half a view passes for one")
	}
}
