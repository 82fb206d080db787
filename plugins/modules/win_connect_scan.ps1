#!powershell

# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

#Requires -Module Ansible.ModuleUtils.Legacy

# Connection attempts from Windows and what became of each: the twin of connect_scan, with the same options and results.
# It needs nothing but PowerShell 5.1. Of the two ways in which modules take their options this is the older one, whose
# documentation ansible-test can check on machines without PowerShell.

$result = @{ changed = $false; observed = @(); counts = @{} }
$params = Parse-Args -arguments $args -supports_check_mode $true
$checkMode = Get-AnsibleParam -obj $params -name "_ansible_check_mode" -type "bool" -default $false

$given = @{
    enabled = Get-AnsibleParam -obj $params -name "enabled" -type "bool" -default $false
    timeout = Get-AnsibleParam -obj $params -name "timeout" -type "float" -default 5
    concurrency = Get-AnsibleParam -obj $params -name "concurrency" -type "int" -default 10
    rate = Get-AnsibleParam -obj $params -name "rate" -type "float" -default 20
    retries = Get-AnsibleParam -obj $params -name "retries" -type "int" -default 1
}
$given.probes = @(
    foreach ($item in @(Get-AnsibleParam -obj $params -name "probes" -type "list" -failifempty $true -resultobj $result)) {
        @{
            id = Get-AnsibleParam -obj $item -name "id" -type "str" -failifempty $true -resultobj $result
            address = Get-AnsibleParam -obj $item -name "address" -type "str" -failifempty $true -resultobj $result
            protocol = Get-AnsibleParam -obj $item -name "protocol" -type "str" -default "tcp" -validateset "tcp", "udp", "icmp" -resultobj $result
            port = Get-AnsibleParam -obj $item -name "port" -type "int" -default 0
            source = Get-AnsibleParam -obj $item -name "source" -type "str" -default ""
        }
    }
)

$outcomes = @("open", "refused", "timeout", "unreachable", "local_error", "not_run")
$limits = @{ timeout = @(0.1, 30); concurrency = @(1, 20); rate = @(0.1, 200); retries = @(0, 3) }
$refused = @("ConnectionRefused", "ConnectionReset")
$unreachable = @("HostUnreachable", "NetworkUnreachable", "HostDown", "NetworkDown")
# A query for the name servers of the root: every DNS server answers it, if only to refuse.
$dnsQuery = [byte[]]@(0x4e, 0x46, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1)
$token = [System.Text.Encoding]::ASCII.GetBytes("nutanix_flow.dr probe`n")

Function Get-AddressFault {
    # Names are refused: who asks a name server may reach another host than the one that was judged.
    param([string]$Text)
    $address = [System.Net.IPAddress]::Any
    if (-not [System.Net.IPAddress]::TryParse($Text, [ref]$address) -or $Text -notmatch '[.:]') {
        return "is no IP address"
    }
    $multicast = $address.IsIPv6Multicast
    if ($address.AddressFamily -eq "InterNetwork") {
        $first = $address.GetAddressBytes()[0]
        $multicast = $first -ge 224 -and $first -le 239
    }
    $nobody = @([System.Net.IPAddress]::Any, [System.Net.IPAddress]::IPv6Any, [System.Net.IPAddress]::Broadcast)
    if ($multicast -or $nobody -contains $address) {
        return "is not the address of one host"
    }
    return ""
}

Function Get-Fault {
    # Everything that is wrong with what was given; nothing is sent then.
    param($Params)
    foreach ($name in ($limits.Keys | Sort-Object)) {
        if ($Params[$name] -lt $limits[$name][0] -or $Params[$name] -gt $limits[$name][1]) {
            "$name is $($Params[$name]), it must be between $($limits[$name][0]) and $($limits[$name][1])"
        }
    }
    foreach ($group in ($Params.probes | Group-Object -Property { $_.id } | Where-Object { $_.Count -gt 1 })) {
        "probe $($group.Name) is there twice"
    }
    foreach ($probe in $Params.probes) {
        foreach ($what in @("address", "source")) {
            $problem = ""
            if ($what -eq "address" -or $probe.source) {
                $problem = Get-AddressFault -Text $probe[$what]
            }
            if ($problem) {
                "probe $($probe.id): $what '$($probe[$what])' $problem"
            }
        }
        if ($probe.protocol -ne "icmp" -and ($probe.port -lt 1 -or $probe.port -gt 65535)) {
            "probe $($probe.id): port $($probe.port) must be between 1 and 65535"
        }
    }
}

Function New-Observation {
    param([string]$Id, [string]$Outcome, [string]$Detail = "", [double]$Latency = 0, [int]$Tries = 0)
    return @{ id = $Id; outcome = $Outcome; detail = $Detail; latency_ms = [math]::Round($Latency, 1); tries = $Tries }
}

Function Get-Outcome {
    # The outcome and the words for an exception of a socket.
    param($Exception)
    while ($Exception.InnerException) {
        $Exception = $Exception.InnerException
    }
    $code = ""
    if ($Exception -is [System.Net.Sockets.SocketException]) {
        $code = [string]$Exception.SocketErrorCode
    }
    if ($refused -contains $code) {
        return @("refused", "$($code): $($Exception.Message)")
    }
    if ($code -eq "TimedOut") {
        return @("timeout", "")
    }
    if ($unreachable -contains $code) {
        return @("unreachable", "$($code): $($Exception.Message)")
    }
    return @("local_error", "$($code): $($Exception.Message)")
}

Function Start-Try {
    # Begin one try. What fails at once is an outcome already.
    param($Probe, [int]$Number)
    $try = @{ probe = $Probe; number = $Number; watch = [System.Diagnostics.Stopwatch]::StartNew(); outcome = $null; pending = $null }
    try {
        $address = [System.Net.IPAddress]::Parse($Probe.address)
        if ($Probe.protocol -eq "tcp") {
            $try.socket = New-Object System.Net.Sockets.Socket($address.AddressFamily, "Stream", "Tcp")
        }
        else {
            $try.socket = New-Object System.Net.Sockets.Socket($address.AddressFamily, "Dgram", "Udp")
        }
        if ($Probe.source) {
            $try.socket.Bind((New-Object System.Net.IPEndPoint([System.Net.IPAddress]::Parse($Probe.source), 0)))
        }
        if ($Probe.protocol -eq "tcp") {
            $try.pending = $try.socket.BeginConnect($address, $Probe.port, $null, $null)
        }
        else {
            $payload = $token
            if ($Probe.port -eq 53) {
                $payload = $dnsQuery
            }
            $try.socket.Connect($address, $Probe.port)
            $null = $try.socket.Send($payload)
            $try.buffer = New-Object byte[] 512
            $try.pending = $try.socket.BeginReceive($try.buffer, 0, 512, "None", $null, $null)
        }
    }
    catch {
        $try.outcome = Get-Outcome -Exception $_.Exception
    }
    return $try
}

Function Complete-Try {
    # See whether a try has ended, by an answer or by the clock.
    param($Try, [double]$Timeout)
    if ($null -eq $Try.outcome -and $Try.pending.IsCompleted) {
        try {
            if ($Try.probe.protocol -eq "tcp") {
                $Try.socket.EndConnect($Try.pending)
                $Try.outcome = @("open", "")
            }
            else {
                $null = $Try.socket.EndReceive($Try.pending)
                $Try.outcome = @("open", "answered")
            }
        }
        catch {
            $Try.outcome = Get-Outcome -Exception $_.Exception
        }
    }
    if ($null -eq $Try.outcome -and $Try.watch.Elapsed.TotalSeconds -ge $Timeout) {
        $Try.outcome = @("timeout", "")
    }
    if ($null -ne $Try.outcome -and $Try.socket) {
        $Try.socket.Dispose()
    }
    return $null -ne $Try.outcome
}

Function Invoke-Scan {
    # All tries, so many at a time and so many per second; observations by the ids of their probes.
    param($Params)
    $found = @{}
    $waiting = New-Object System.Collections.Queue
    foreach ($probe in $Params.probes) {
        if ($probe.protocol -eq "icmp") {
            $found[$probe.id] = New-Observation -Id $probe.id -Outcome "not_run" -Detail "ICMP needs privileges that are not asked for"
        }
        else {
            $waiting.Enqueue(@{ probe = $probe; number = 1 })
        }
    }
    $running = @()
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    $turn = 0.0
    while ($waiting.Count -gt 0 -or $running.Count -gt 0) {
        if ($waiting.Count -gt 0 -and $running.Count -lt $Params.concurrency -and $clock.Elapsed.TotalSeconds -ge $turn) {
            $turn = $clock.Elapsed.TotalSeconds + 1 / $Params.rate
            $next = $waiting.Dequeue()
            $running += Start-Try -Probe $next.probe -Number $next.number
        }
        $still = @()
        foreach ($try in $running) {
            if (-not (Complete-Try -Try $try -Timeout $Params.timeout)) {
                $still += $try
            }
            elseif ($try.outcome[0] -eq "timeout" -and $try.number -le $Params.retries) {
                $waiting.Enqueue(@{ probe = $try.probe; number = $try.number + 1 })
            }
            else {
                $arguments = @{
                    Id = $try.probe.id
                    Outcome = $try.outcome[0]
                    Detail = $try.outcome[1]
                    Latency = $try.watch.Elapsed.TotalMilliseconds
                    Tries = $try.number
                }
                $found[$try.probe.id] = New-Observation @arguments
            }
        }
        $running = $still
        Start-Sleep -Milliseconds 5
    }
    return $found
}

$faults = @(Get-Fault -Params $given)
if ($faults.Count -gt 0) {
    Fail-Json -obj $result -message ("nothing was sent:`n  - " + ($faults -join "`n  - "))
}

$found = @{}
if ($checkMode -or -not $given.enabled) {
    $reason = "not enabled"
    if ($checkMode) {
        $reason = "check mode"
    }
    foreach ($probe in $given.probes) {
        $found[$probe.id] = New-Observation -Id $probe.id -Outcome "not_run" -Detail $reason
    }
}
else {
    $found = Invoke-Scan -Params $given
}

$result.observed = @(foreach ($probe in $given.probes) { $found[$probe.id] })
foreach ($outcome in $outcomes) {
    $result.counts[$outcome] = @($result.observed | Where-Object { $_.outcome -eq $outcome }).Count
}
Exit-Json -obj $result
