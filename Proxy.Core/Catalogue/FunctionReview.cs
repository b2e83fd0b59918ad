namespace Proxy.Core.Catalogue;

/// <summary>What the list that ships with PhiGate says about a function of pg_catalog, or a person about any other. Zero: nobody reviewed it.</summary>
public enum FunctionReview : byte
{
    None = 0,

    /// <summary>Prints nothing that the statement does not mention: as clean as its arguments.</summary>
    Clean,

    /// <summary>As clean as the system column whose text it prints.</summary>
    Prints,

    /// <summary>Makes its arguments visible elsewhere: clean without PHI, export with it.</summary>
    Signals,

    /// <summary>Reads or sets a setting: as clean as the setting.</summary>
    Setting,

    /// <summary>May run; what it prints is not shown.</summary>
    Masked,

    /// <summary>A person declared its result to be no PHI, whatever its arguments are.</summary>
    Shown,
}
