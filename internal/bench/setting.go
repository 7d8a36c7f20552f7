package bench

// Setting is one value of the configuration in force.
type Setting struct {
	Key    string        `json:"key" doc:"as the configuration file has it, dotted"`
	Value  *string       `json:"value" doc:"as the file would have it; null if it is not set; a secret is never shown"`
	Source SettingSource `json:"source" enum:"default,file,environment,flag"`
	Place  string        `json:"place" doc:"file and line, name of the variable, or flag; empty for a default"`
}

// SettingSource is what a value came from.
type SettingSource string

// From the weakest to the strongest.
const (
	FromDefault     SettingSource = "default"
	FromFile        SettingSource = "file"
	FromEnvironment SettingSource = "environment"
	FromFlag        SettingSource = "flag"
)
